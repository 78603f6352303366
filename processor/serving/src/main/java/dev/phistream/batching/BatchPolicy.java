package dev.phistream.batching;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How large micro-batches of one variant may get.
 *
 * @param maxBatch most items in one micro-batch, at least 1
 * @param objective time from arrival to answer that the sizes shall allow, or null for the highest
 *     throughput
 */
public record BatchPolicy(int maxBatch, @Nullable Duration objective) {
  /** Checks the values. */
  public BatchPolicy {
    if (maxBatch < 1) {
      throw new IllegalArgumentException("maxBatch: " + maxBatch + " (expected: >= 1)");
    }
    if (objective != null && (objective.isNegative() || objective.isZero())) {
      throw new IllegalArgumentException("objective: " + objective + " (expected: > 0)");
    }
  }

  /** A policy for the highest throughput. */
  public BatchPolicy(int maxBatch) {
    this(maxBatch, null);
  }
}
