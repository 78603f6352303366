package dev.phistream.lab;

import dev.phistream.planning.Plan;
import dev.phistream.planning.Rate;
import dev.phistream.planning.TierOutcome;
import dev.phistream.plot.Chart;
import dev.phistream.plot.Series;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** p99 of each tier over the number of instances, as far as they keep up. */
final class PlanPlot {
  private record Line(List<Double> x, List<Double> y) {}

  private PlanPlot() {}

  static void write(Plan plan, Path file) throws IOException {
    Map<String, Line> lines = new LinkedHashMap<>();
    List<Series> objectives = new ArrayList<>();
    double last = plan.curve().get(plan.curve().size() - 1).instances();
    for (Plan.Point point : plan.curve()) {
      for (TierOutcome tier : point.outcome().tiers()) {
        if (tier.keepsUp()) {
          Line line =
              lines.computeIfAbsent(
                  tier.tier(), t -> new Line(new ArrayList<>(), new ArrayList<>()));
          line.x().add((double) point.instances());
          line.y().add(tier.p99Millis());
        }
      }
    }
    for (TierOutcome tier : plan.perInstance().tiers()) {
      Double objective = tier.objectiveMillis();
      Line line = lines.get(tier.tier());
      if (objective != null && line != null) {
        objectives.add(
            Series.line(
                "objective of " + tier.tier(),
                List.of(line.x().get(0), last),
                List.of(objective, objective)));
      }
    }
    List<Series> series = new ArrayList<>();
    lines.forEach((tier, line) -> series.add(Series.line(tier, line.x(), line.y())));
    series.addAll(objectives);
    series.add(
        Series.scatter(
            "planned",
            plan.perInstance().tiers().stream().map(t -> (double) plan.instances()).toList(),
            plan.perInstance().tiers().stream().map(TierOutcome::p99Millis).toList()));
    new Chart(
            "p99 at %s".formatted(new Rate(plan.asked().perSecond())),
            "instances",
            "p99 from topic to answer, ms",
            false,
            series)
        .write(file);
  }
}
