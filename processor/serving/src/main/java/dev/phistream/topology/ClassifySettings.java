package dev.phistream.topology;

import java.time.Duration;

/**
 * Settings of the classifying processor.
 *
 * @param window the in-flight window of each task
 * @param topK labels per event unless the event says otherwise
 * @param answerInterval how often finished answers are forwarded while no event arrives
 * @param maxBlock how long a full window may hold its thread up; must stay below the transaction
 *     time-out, or the broker ends the transaction first
 * @param routed whether events come from a router and carry their routes
 */
public record ClassifySettings(
    WindowSettings window, int topK, Duration answerInterval, Duration maxBlock, boolean routed) {
  /** Most labels that an event may ask for. */
  public static final int MAX_TOP_K = 100_000;

  /** Settings of a processor that routes events itself. */
  public ClassifySettings(
      WindowSettings window, int topK, Duration answerInterval, Duration maxBlock) {
    this(window, topK, answerInterval, maxBlock, false);
  }

  /** Checks the values. */
  public ClassifySettings {
    if (topK < 1 || topK > MAX_TOP_K) {
      throw new IllegalArgumentException(
          "top-k: %d (expected: 1 to %d)".formatted(topK, MAX_TOP_K));
    }
    if (answerInterval.toMillis() < 1) {
      throw new IllegalArgumentException(
          "answer-interval: " + answerInterval + " (expected: >= 1 ms)");
    }
    if (maxBlock.isNegative() || maxBlock.isZero()) {
      throw new IllegalArgumentException("max-block: " + maxBlock + " (expected: > 0)");
    }
  }
}
