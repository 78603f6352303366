package dev.phistream.bench;

import dev.phistream.inference.MxnetEngine;
import dev.phistream.inference.OnnxEngine;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gathers the rounds' figures and makes the report of them. */
final class EngineResults {
  /** Engines that are compared wherever both were measured. */
  private static final Map<String, String> COMPARED =
      Map.of(MxnetEngine.NAME, OnnxEngine.NAME, OnnxEngine.NAME, EngineOptions.BARE);

  private final EngineOptions options;
  private final Map<EnginePoint, List<Measurement>> rounds = new LinkedHashMap<>();
  private final Map<String, EngineFacts> engines = new LinkedHashMap<>();
  private final Map<String, ModelFacts> models = new LinkedHashMap<>();

  EngineResults(EngineOptions options) {
    this.options = options;
    options.points().forEach(point -> rounds.put(point, new ArrayList<>()));
  }

  void add(EnginePoint point, Measurement measurement, EngineFacts engine, ModelFacts model) {
    at(point).add(measurement);
    engines.put(engine.engine() + " " + engine.mode(), engine);
    models.put(model.id(), model);
  }

  EngineReport report() {
    List<EngineReport.Point> points = new ArrayList<>();
    List<EngineReport.Ratio> ratios = new ArrayList<>();
    List<EnginePoint> notMeasured = new ArrayList<>();
    rounds.forEach(
        (point, measurements) -> {
          if (measurements.isEmpty()) {
            notMeasured.add(point);
          } else {
            points.add(point(point, measurements));
            compare(point, ratios);
          }
        });
    return new EngineReport(
        EngineReport.SCHEMA,
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        MachineFacts.here(),
        new EngineReport.Settings(
            options.seconds(),
            options.warmUpSeconds(),
            options.rounds(),
            options.workers(),
            options.oneCore()),
        List.copyOf(engines.values()),
        List.copyOf(models.values()),
        points,
        ratios,
        notMeasured);
  }

  private static EngineReport.Point point(EnginePoint point, List<Measurement> measurements) {
    return new EngineReport.Point(
        point,
        Spread.of(measurements.stream().map(Measurement::imagesPerSecond).toList()),
        LatencyStats.over(measurements.stream().map(Measurement::latencyMillis).toList()),
        Medians.of(measurements.stream().map(Measurement::fill).toList()),
        Medians.of(measurements.stream().map(Measurement::coresUsed).toList()));
  }

  private void compare(EnginePoint point, List<EngineReport.Ratio> ratios) {
    String other = COMPARED.get(point.engine());
    if (other == null) {
      return;
    }
    List<Measurement> its = at(point);
    List<Measurement> others = rounds.getOrDefault(point.with(other), List.of());
    List<Double> quotients = new ArrayList<>();
    for (int round = 0; round < Math.min(its.size(), others.size()); round++) {
      quotients.add(its.get(round).imagesPerSecond() / others.get(round).imagesPerSecond());
    }
    if (!quotients.isEmpty()) {
      ratios.add(new EngineReport.Ratio(point, other, Spread.of(quotients)));
    }
  }

  private List<Measurement> at(EnginePoint point) {
    List<Measurement> measurements = rounds.get(point);
    if (measurements == null) {
      throw new IllegalArgumentException(point + ": is not to be measured");
    }
    return measurements;
  }
}
