package dev.phistream.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * What a soak found.
 *
 * @param schema {@link #SCHEMA}
 * @param measuredAt when, ISO 8601
 * @param machine where
 * @param engine its name
 * @param engineVersion of its native library
 * @param model that ran
 * @param plannedBatches to run
 * @param reloads of the model on the way
 * @param images in all batches
 * @param seconds that it took
 * @param growth of native memory after the warm-up
 * @param maxGrowthPercent that was allowed
 * @param samples of the memory, in order
 */
public record SoakReport(
    String schema,
    String measuredAt,
    MachineFacts machine,
    String engine,
    String engineVersion,
    String model,
    int plannedBatches,
    int reloads,
    long images,
    double seconds,
    Growth growth,
    double maxGrowthPercent,
    List<MemorySample> samples) {
  /** Names the form. */
  public static final String SCHEMA = "phistream/bench-soak/1";

  /** Part of the batches in which memory may grow as it likes. */
  static final double WARM_UP = 0.2;

  private static final double MIB = 1 << 20;

  /** Copies the samples. */
  public SoakReport {
    samples = List.copyOf(samples);
  }

  /**
   * A straight line through native memory over batches, by least squares.
   *
   * @param fromBatch end of the warm-up
   * @param toBatch last batch
   * @param startMib the line at its beginning
   * @param growthMib its rise to its end
   * @param percent the same of its beginning
   */
  public record Growth(
      long fromBatch, long toBatch, double startMib, double growthMib, double percent) {
    /** Of samples in order, at least two after the warm-up. */
    static Growth of(List<MemorySample> samples) {
      long last = samples.get(samples.size() - 1).batches();
      List<MemorySample> warm =
          samples.stream().filter(sample -> sample.batches() >= WARM_UP * last).toList();
      LinearFit line =
          LinearFit.of(
              warm.stream().map(sample -> (double) sample.batches()).toList(),
              warm.stream().map(sample -> sample.nativeBytes() / MIB).toList());
      long first = warm.get(0).batches();
      double start = line.at((double) first);
      double rise = line.at((double) last) - start;
      return new Growth(first, last, start, rise, 100 * rise / start);
    }
  }

  /** Whether all batches ran. */
  public boolean complete() {
    return samples.get(samples.size() - 1).batches() == plannedBatches;
  }

  /** The verdict: whether all batches ran and memory grew no more than it may. */
  @JsonProperty
  public boolean flat() {
    return complete() && growth.percent() <= maxGrowthPercent;
  }

  /** As JSON text. */
  public String toJson() {
    return Json.pretty(this);
  }
}
