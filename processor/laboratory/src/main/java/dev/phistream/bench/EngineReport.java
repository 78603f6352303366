package dev.phistream.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the engine benchmark measured; its JSON form is described in {@code
 * docs/performance/engines.md}.
 *
 * @param schema {@link #SCHEMA}
 * @param measuredAt when it was done, ISO 8601
 * @param machine where
 * @param settings how
 * @param engines that measured
 * @param models that were measured
 * @param points the figures
 * @param ratios of engines at the same point
 * @param notMeasured points for which there was no time
 */
public record EngineReport(
    String schema,
    String measuredAt,
    MachineFacts machine,
    Settings settings,
    List<EngineFacts> engines,
    List<ModelFacts> models,
    List<Point> points,
    List<Ratio> ratios,
    List<EnginePoint> notMeasured) {
  /** Names the form; another number means that older readers cannot understand it. */
  public static final String SCHEMA = "phistream/bench-engine/1";

  /** Copies the lists. */
  public EngineReport {
    engines = List.copyOf(engines);
    models = List.copyOf(models);
    points = List.copyOf(points);
    ratios = List.copyOf(ratios);
    notMeasured = List.copyOf(notMeasured);
  }

  /**
   * How it was measured.
   *
   * @param seconds that each point was measured in each round
   * @param warmUpSeconds before each
   * @param rounds in which all points took turns
   * @param workers runners side by side for throughput
   * @param oneCore whether all was kept on one core
   */
  public record Settings(
      double seconds, double warmUpSeconds, int rounds, int workers, boolean oneCore) {}

  /**
   * A point's figures over all rounds.
   *
   * @param point what was measured
   * @param imagesPerSecond of all workers together
   * @param latencyMillis of a batch in the engine: medians over the rounds, and the longest of all
   * @param fill mean size of the batches that ran ÷ the size asked for, median
   * @param coresUsed processor time ÷ elapsed time, median
   */
  public record Point(
      EnginePoint point,
      Spread imagesPerSecond,
      LatencyStats latencyMillis,
      double fill,
      double coresUsed) {}

  /**
   * Two engines at the same point.
   *
   * @param point with the engine that is compared
   * @param to the engine that it is compared with
   * @param imagesPerSecond its images/s ÷ the other's, of each round
   */
  public record Ratio(EnginePoint point, String to, Spread imagesPerSecond) {}

  /**
   * What a batch takes at each size that was measured.
   *
   * @return by batch size; empty when it was not measured
   */
  public SortedMap<Integer, LatencyStats> latencies(
      String model, String engine, String device, Mode mode) {
    SortedMap<Integer, LatencyStats> latencies = new TreeMap<>();
    for (Point measured : points) {
      EnginePoint at = measured.point();
      if (at.equals(new EnginePoint(model, engine, device, mode, at.batch()))) {
        latencies.put(at.batch(), measured.latencyMillis());
      }
    }
    return latencies;
  }

  /** As JSON text. */
  public String toJson() {
    return Json.pretty(this);
  }

  /**
   * Reads a report.
   *
   * @throws BenchException when the file is none, or one of another schema
   */
  public static EngineReport read(Path file) throws BenchException {
    return Json.read(file, EngineReport.class, SCHEMA, EngineReport::schema, "bench engine --json");
  }
}
