package dev.phistream.lab;

import dev.phistream.app.Columns;
import dev.phistream.bench.ScenarioReport;
import dev.phistream.bench.ScenarioReport.Figure;
import dev.phistream.bench.ScenarioReport.Goal;
import dev.phistream.bench.StreamReport;
import java.io.PrintWriter;
import java.util.Collections;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A stream report for people. */
final class StreamTable {
  private final PrintWriter out;

  StreamTable(PrintWriter out) {
    this.out = out;
  }

  void print(StreamReport report) {
    out.println(MachineLine.of(report.machine()));
    out.printf(
        Locale.ROOT,
        "model    %s, mean image %d kB%n",
        report.model(),
        report.meanImageBytes() / 1000);
    report.scenarios().forEach(this::print);
  }

  /** One scenario of it. */
  void print(ScenarioReport scenario) {
    out.println();
    out.println(scenario.scenario() + ": " + scenario.setup());
    Columns columns =
        new Columns(out, "figure:58", "unit:8", "median:8", "min–max:13", "goal:13", "reached:7");
    for (Figure figure : scenario.figures()) {
      columns.print(
          figure.name(),
          figure.unit(),
          number(figure.value()),
          number(Collections.min(figure.rounds())) + "–" + number(Collections.max(figure.rounds())),
          goal(figure.goal()),
          reached(figure.goal()));
    }
    for (String note : scenario.notes()) {
      out.println("  " + note);
    }
  }

  private static String goal(@Nullable Goal goal) {
    return goal == null ? "" : goal.sense() + " " + number(goal.bound());
  }

  private static String reached(@Nullable Goal goal) {
    return goal == null ? "" : goal.reached() ? "yes" : "no";
  }

  /** Three digits that tell. */
  private static String number(double value) {
    double size = Math.abs(value);
    int decimals = size >= 100 ? 0 : size >= 10 ? 1 : 2;
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }
}
