package dev.phistream.routing;

/**
 * A small variant that answers a tier's events when it is sure.
 *
 * @param small is asked first
 * @param temperature its logits are divided by this before softmax, so that its confidence means
 *     what it says
 * @param threshold the confidence from which on it answers, 0 to 1
 */
public record CascadePolicy(String small, double temperature, double threshold) {
  /** Checks the values. */
  public CascadePolicy {
    if (!(temperature > 0)) {
      throw new IllegalArgumentException(
          "cascade.temperature: %s (expected: above 0)".formatted(temperature));
    }
    if (!(threshold >= 0 && threshold <= 1)) {
      throw new IllegalArgumentException(
          "cascade.threshold: %s (expected: 0 to 1)".formatted(threshold));
    }
  }
}
