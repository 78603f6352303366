package dev.phistream.batching;

import java.time.Duration;
import java.util.Map;

/**
 * Something that runs one micro-batch at a time: a CPU core, a GPU. Only its own thread of the
 * batcher calls it.
 */
public interface Device<I, O> {
  /** Name for results and metrics, such as {@code cpu} or {@code gpu:0}. */
  String name();

  /**
   * This device's predictor of {@code key}.
   *
   * @throws Exception when the variant is unknown or its model cannot be loaded
   */
  BatchPredictor<I, O> predictor(QueueKey key) throws Exception;

  /** Most items of {@code key} that it is known to run at once; no limit by default. */
  default int maxBatch(QueueKey key) {
    return Integer.MAX_VALUE;
  }

  /**
   * How many items of {@code key} it computes for a micro-batch of so many, at least these: a
   * device that pads takes as long for all sizes that come to the same. None more by default.
   */
  default int padded(QueueKey key, int items) {
    return items;
  }

  /** What micro-batches of {@code key} took so far, by size; nothing by default. */
  default Map<Integer, Duration> measured(QueueKey key) {
    return Map.of();
  }
}
