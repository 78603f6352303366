package dev.phistream.planning;

import java.util.Set;
import java.util.TreeSet;

/**
 * What shall be planned for.
 *
 * @param rate events per second of all instances together
 * @param mix which tiers they ask for
 * @param burst a time with more of them
 * @param policy what the processor does with them
 * @param instance what each instance has
 * @param batches what micro-batches take
 * @param seconds that are simulated, unless fewer have enough events
 * @param seed of arrivals and times
 * @param headroom so much more than the rate must be carried, 0.2 for a fifth
 * @param degraded share of a tier's events that may be browned out or shed
 */
public record PlanRequest(
    Rate rate,
    TierMix mix,
    Burst burst,
    Policy policy,
    Instance instance,
    MeasuredBatches batches,
    double seconds,
    long seed,
    double headroom,
    double degraded) {
  private static final double LEAST_SECONDS = 1;
  private static final double MOST_SECONDS = 3600;
  private static final double MOST_HEADROOM = 10;

  /** Checks the values. */
  public PlanRequest {
    between("seconds", seconds, LEAST_SECONDS, MOST_SECONDS);
    between("headroom", headroom, 0, MOST_HEADROOM);
    between("degraded", degraded, 0, 1);
    if (burst.seconds() > seconds / 2) {
      throw new IllegalArgumentException(
          "burst: %s s (expected: at most half of the %s simulated seconds; simulate more with --seconds)"
              .formatted(burst.seconds(), seconds));
    }
    for (String variant : variants(policy, mix)) {
      if (!batches.has(variant)) {
        throw new IllegalArgumentException("variant %s: was not measured".formatted(variant));
      }
    }
  }

  /** The same of another instance and other measurements. */
  public PlanRequest with(Instance otherInstance, MeasuredBatches otherBatches) {
    return new PlanRequest(
        rate, mix, burst, policy, otherInstance, otherBatches, seconds, seed, headroom, degraded);
  }

  /** The same where decoding, taking and micro-batches cost so many times the work. */
  PlanRequest withWork(double factor) {
    return with(instance.withWork(factor), batches.withWork(factor));
  }

  /** Variants that may answer the mix, brownout included. */
  public static Set<String> variants(Policy policy, TierMix mix) {
    Set<String> variants = new TreeSet<>();
    mix.shares().keySet().forEach(tier -> variants.addAll(policy.tier(tier).variants()));
    return variants;
  }

  private static void between(String option, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          "%s: %s (expected: %s to %s)".formatted(option, value, least, most));
    }
  }
}
