package dev.phistream.routing;

import java.time.Duration;

/**
 * When tiers step from one of their variants to the next.
 *
 * @param period least time from any step to a step up, and what late answers are counted over
 * @param waitShare part of what computing leaves of the objective; when events are predicted to
 *     wait for longer, the tier steps down
 * @param lateShare share of answers later than the objective above which the tier steps down
 */
public record BrownoutPolicy(Duration period, double waitShare, double lateShare) {
  /** Checks the values. */
  public BrownoutPolicy {
    if (period.isNegative() || period.isZero()) {
      throw new IllegalArgumentException("brownout.period: " + period + " (expected: > 0)");
    }
    check("brownout.wait-share", waitShare);
    check("brownout.late-share-share", lateShare);
  }

  private static void check(String setting, double value) {
    if (!(value > 0 && value <= 1)) {
      throw new IllegalArgumentException(
          "%s: %s (expected: above 0, at most 1)".formatted(setting, value));
    }
  }
}
