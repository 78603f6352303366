package dev.phistream.batching;

/**
 * How large micro-batches of one variant may get.
 *
 * @param maxBatch most items in one micro-batch, at least 1
 */
public record BatchPolicy(int maxBatch) {
  /** Checks the size. */
  public BatchPolicy {
    if (maxBatch < 1) {
      throw new IllegalArgumentException("maxBatch: " + maxBatch + " (expected: >= 1)");
    }
  }
}
