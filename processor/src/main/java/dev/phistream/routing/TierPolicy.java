package dev.phistream.routing;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a tier means.
 *
 * @param variant the variant that answers the tier's events
 * @param maxDelay how long an event may wait for its micro-batch to fill, from its arrival
 * @param objective time from arrival to answer that is wanted, or null for the highest throughput
 */
public record TierPolicy(String variant, Duration maxDelay, @Nullable Duration objective) {
  /** Checks the times. */
  public TierPolicy {
    if (maxDelay.isNegative()) {
      throw new IllegalArgumentException("maxDelay: " + maxDelay + " (expected: >= 0)");
    }
    if (objective != null && (objective.isNegative() || objective.isZero())) {
      throw new IllegalArgumentException("objective: " + objective + " (expected: > 0)");
    }
  }

  /** A policy without an objective. */
  public TierPolicy(String variant, Duration maxDelay) {
    this(variant, maxDelay, null);
  }
}
