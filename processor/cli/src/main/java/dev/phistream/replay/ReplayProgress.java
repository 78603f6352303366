package dev.phistream.replay;

import java.util.List;
import java.util.Map;

/**
 * How far a replay is.
 *
 * @param partitions those that have something to replay
 * @param labelled events that this process has labelled since it started
 * @param skipped events that it left out since then
 * @param deadLetters events that it could not classify, by error code
 * @param finished whether all is done, by all instances
 */
public record ReplayProgress(
    List<Partition> partitions,
    long labelled,
    long skipped,
    Map<String, Long> deadLetters,
    boolean finished) {
  /**
   * How far a partition is, by all instances.
   *
   * @param committed offset behind what is committed, within the range
   */
  public record Partition(PartitionRange range, long committed) {
    /** Offsets that are behind. */
    public long done() {
      return committed - range.start();
    }
  }

  /** Copies. */
  public ReplayProgress {
    partitions = List.copyOf(partitions);
    deadLetters = Map.copyOf(deadLetters);
  }

  /** Offsets that are behind, of all partitions. */
  public long done() {
    return partitions.stream().mapToLong(Partition::done).sum();
  }

  /** Offsets of all ranges. */
  public long total() {
    return partitions.stream().mapToLong(partition -> partition.range().offsets()).sum();
  }
}
