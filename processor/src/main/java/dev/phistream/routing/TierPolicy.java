package dev.phistream.routing;

import java.time.Duration;

/**
 * What a tier means.
 *
 * @param variant the variant that answers the tier's events
 * @param maxDelay how long an event may wait for its micro-batch to fill, from its arrival
 */
public record TierPolicy(String variant, Duration maxDelay) {
  /** Checks the delay. */
  public TierPolicy {
    if (maxDelay.isNegative()) {
      throw new IllegalArgumentException("maxDelay: " + maxDelay + " (expected: >= 0)");
    }
  }
}
