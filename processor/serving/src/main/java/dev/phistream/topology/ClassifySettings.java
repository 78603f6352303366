package dev.phistream.topology;

import java.time.Duration;

/**
 * Settings of the classifying processor.
 *
 * @param topK labels per event unless the event says otherwise
 * @param answerInterval how often finished answers are forwarded while no event arrives
 * @param answerTimeout how long the classifier may take for an event; far more than it needs when
 *     it works, because an event that exceeds it becomes a dead letter
 * @param routed whether events come from a router and carry their routes
 */
public record ClassifySettings(
    int topK, Duration answerInterval, Duration answerTimeout, boolean routed) {
  /** Most labels that an event may ask for. */
  public static final int MAX_TOP_K = 100_000;

  /** Settings of a processor that routes events itself. */
  public ClassifySettings(int topK, Duration answerInterval, Duration answerTimeout) {
    this(topK, answerInterval, answerTimeout, false);
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
    if (answerTimeout.toMillis() < 1) {
      throw new IllegalArgumentException(
          "window.answer-timeout: " + answerTimeout + " (expected: >= 1 ms)");
    }
  }
}
