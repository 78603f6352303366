package dev.phistream.batching;

import java.util.List;

/**
 * Runs one variant on one device. Each device worker has predictors of its own, so implementations
 * need not be thread-safe.
 */
@FunctionalInterface
public interface BatchPredictor<I, O> {
  /**
   * Runs one micro-batch.
   *
   * @param inputs at least one item
   * @return one output per input, in the same order
   * @throws BatchTooLargeException when so many items are too many for the device
   * @throws DeviceLostException when the device cannot run anything any more
   * @throws Exception when the batch as a whole fails; the batcher then looks for the culprit in
   *     halves
   */
  List<O> predict(List<I> inputs) throws Exception;
}
