package dev.phistream.batching;

/**
 * An output with what is known of the micro-batch that it came from.
 *
 * @param output the predictor's output for this item
 * @param batchSize items that ran together
 * @param device name of the device that ran them
 * @param startedNanos when the micro-batch started, on the batcher's clock
 * @param finishedNanos when it was done, on the same clock
 */
public record Batched<O>(
    O output, int batchSize, String device, long startedNanos, long finishedNanos) {}
