package dev.phistream.pipeline;

import java.time.Duration;

/**
 * What a stage may use.
 *
 * @param threads events that are worked on side by side
 * @param spares threads that may be abandoned at once and are replaced; beyond them the stage works
 *     with fewer threads until one of the abandoned returns
 * @param deadline how long an event may be worked on; waiting for a thread does not count
 */
public record StageLimits(int threads, int spares, Duration deadline) {
  private static final int LEAST_SPARES = 4;

  /** Checks the values. */
  public StageLimits {
    if (threads < 1) {
      throw new IllegalArgumentException("threads: " + threads + " (expected: >= 1)");
    }
    if (spares < 0) {
      throw new IllegalArgumentException("spares: " + spares + " (expected: >= 0)");
    }
    if (deadline.toMillis() < 1) {
      throw new IllegalArgumentException("deadline: " + deadline + " (expected: >= 1ms)");
    }
  }

  /** Limits with the usual number of spares: twice the threads, and at least four. */
  public StageLimits(int threads, Duration deadline) {
    this(threads, Math.max(LEAST_SPARES, 2 * threads), deadline);
  }
}
