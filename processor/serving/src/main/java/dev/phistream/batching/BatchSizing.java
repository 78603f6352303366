package dev.phistream.batching;

/** What one device makes of a variant's micro-batches. */
@FunctionalInterface
public interface BatchSizing {
  /** Items with which a micro-batch of {@code key} is full now, at least 1. */
  int target(QueueKey key);

  /** What a micro-batch of so many items would take; 0 while nothing is known. */
  default long predictedNanos(QueueKey key, int size) {
    return 0;
  }
}
