package dev.phistream.planning;

/**
 * How events are taken off their topic: each partition belongs to one stream thread, which takes
 * one event at a time, and waits when the window of the event's partition is full.
 *
 * @param threads stream threads
 * @param partitions of the topic that belong to the instance
 * @param window most events of a partition that are taken and not answered
 * @param takeNanos work of the stream thread and Kafka's clients for an event, on a core
 */
public record SourceModel(int threads, int partitions, int window, long takeNanos) {
  /** Checks the values. */
  public SourceModel {
    if (threads < 1 || partitions < threads || window < 1 || takeNanos < 0) {
      throw new IllegalArgumentException(
          "source: %d threads, %d partitions, window %d, %d ns (expected: at least one of each, a partition per thread, no negative time)"
              .formatted(threads, partitions, window, takeNanos));
    }
  }
}
