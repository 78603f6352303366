package dev.phistream.bench;

import dev.phistream.planning.BatchTime;
import dev.phistream.planning.InstanceDevices;
import dev.phistream.planning.MeasuredBatches;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What an engine report says of micro-batches. Times of workers side by side are taken where there
 * are any, for so the processor runs them; else those of one batch at a time.
 */
public final class BatchMeasurements {
  private static final double LEAST_ON_CORE = 0.01;

  private BatchMeasurements() {}

  /**
   * Takes what is needed from a report.
   *
   * @param models the name of the model of each variant that is needed
   * @param source of the report, for messages
   * @throws BenchException when a variant was not measured on the engine and kind of device, with
   *     what was and how to measure it
   */
  public static MeasuredBatches of(
      EngineReport report,
      Map<String, String> models,
      String engine,
      InstanceDevices.Kind kind,
      String source)
      throws BenchException {
    Map<String, Map<Integer, BatchTime>> all = new HashMap<>();
    for (Map.Entry<String, String> model : models.entrySet()) {
      Map<Integer, BatchTime> times = times(report, model.getValue(), engine, kind);
      if (times.isEmpty()) {
        times = times(report, model.getKey(), engine, kind);
      }
      if (times.isEmpty()) {
        throw missing(report, model.getValue(), engine, kind, source);
      }
      all.put(model.getKey(), times);
    }
    return new MeasuredBatches(all);
  }

  private static Map<Integer, BatchTime> times(
      EngineReport report, String model, String engine, InstanceDevices.Kind kind) {
    Map<Integer, BatchTime> times = new TreeMap<>();
    for (Mode mode : List.of(Mode.THROUGHPUT, Mode.LATENCY)) {
      for (String device : devices(report, kind)) {
        for (EngineReport.Point point : report.points()) {
          EnginePoint at = point.point();
          if (at.equals(new EnginePoint(model, engine, device, mode, at.batch()))) {
            times.put(at.batch(), time(report, point));
          }
        }
        if (!times.isEmpty()) {
          return times;
        }
      }
    }
    return times;
  }

  private static List<String> devices(EngineReport report, InstanceDevices.Kind kind) {
    return report.points().stream()
        .map(point -> point.point().device())
        .filter(device -> device.startsWith(kind.name().toLowerCase(Locale.ROOT)))
        .distinct()
        .sorted()
        .toList();
  }

  /** More workers than cores wait for each other: that is the simulation's to add, not ours. */
  private static BatchTime time(EngineReport report, EngineReport.Point point) {
    int workers =
        point.point().mode() == Mode.THROUGHPUT ? Math.max(1, report.settings().workers()) : 1;
    int cores = report.settings().oneCore() ? 1 : Math.max(1, report.machine().cores());
    int sideBySide = Math.min(workers, cores);
    LatencyStats stats = point.latencyMillis();
    double p90 = Math.max(stats.p50(), stats.p90());
    double onCore = Math.max(LEAST_ON_CORE, Math.min(1, point.coresUsed() / sideBySide));
    return new BatchTime(stats.mean(), stats.p50(), p90, Math.max(p90, stats.p99()), onCore)
        .times((double) sideBySide / workers);
  }

  private static BenchException missing(
      EngineReport report, String model, String engine, InstanceDevices.Kind kind, String source) {
    String measured =
        report.points().stream()
            .map(EngineReport.Point::point)
            .map(at -> "%s on %s (%s)".formatted(at.model(), at.engine(), at.device()))
            .distinct()
            .collect(Collectors.joining(", "));
    String device = kind == InstanceDevices.Kind.GPU ? "gpu:0" : "cpu";
    return new BenchException(
        "%s: no measurement of %s on %s (%s) (measured: %s); make one with ./phistream bench engine --variants %s --engines %s --devices %s --json > measured.json"
            .formatted(
                source,
                model,
                engine,
                device,
                measured.isEmpty() ? "nothing" : measured,
                model,
                engine,
                device));
  }
}
