package dev.phistream.replay;

/**
 * What is replayed of a partition.
 *
 * @param partition of the input topic
 * @param start the first offset
 * @param end the offset behind the last, at least {@code start}
 */
public record PartitionRange(int partition, long start, long end) {
  /** Checks the order. */
  public PartitionRange {
    if (start < 0 || end < start) {
      throw new IllegalArgumentException(
          "partition %d: %d to %d (expected: 0 <= start <= end)".formatted(partition, start, end));
    }
  }

  /** Offsets in it, which is no less than the events in it. */
  public long offsets() {
    return end - start;
  }
}
