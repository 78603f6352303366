package dev.phistream.planning;

import java.util.List;

/**
 * A micro-batch that ran.
 *
 * @param device the device's number
 * @param target the target size when it started
 * @param items its events and when they were prepared
 * @param queuedBefore items of its variant that waited, it included
 * @param startedNanos when it started
 * @param finishedNanos when it was done
 */
public record SimulatedBatch(
    int device,
    String variant,
    int target,
    List<Item> items,
    int queuedBefore,
    long startedNanos,
    long finishedNanos) {
  /** An event and when it was prepared. */
  public record Item(SimulatedEvent event, long preparedNanos) {}
}
