package dev.phistream.runtime;

import dev.phistream.batching.BatchPolicy;
import dev.phistream.config.Settings;
import dev.phistream.event.Tier;
import dev.phistream.routing.BrownoutPolicy;
import dev.phistream.routing.CascadePolicy;
import dev.phistream.routing.TierPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the configured tiers mean for the variants that are served. */
final class TierPolicies {
  private TierPolicies() {}

  /**
   * A policy per tier. A tier that names no variants takes the fastest (latency), the most accurate
   * (accuracy) or the one in the middle (balanced).
   *
   * @param variants fastest first
   */
  static Map<Tier, TierPolicy> of(Settings.Tiers tiers, List<String> variants) {
    Map<Tier, TierPolicy> policies = new EnumMap<>(Tier.class);
    policies.put(Tier.LATENCY, policy(tiers.latency(), variants.get(0)));
    policies.put(Tier.BALANCED, policy(tiers.balanced(), variants.get(variants.size() / 2)));
    policies.put(Tier.ACCURACY, policy(tiers.accuracy(), variants.get(variants.size() - 1)));
    return policies;
  }

  /**
   * A micro-batch policy per variant that a tier names; its objective is the strictest of its
   * tiers'. Variants that no tier names have none.
   */
  static Map<String, BatchPolicy> batches(Map<Tier, TierPolicy> tiers, int maxBatch) {
    Map<String, BatchPolicy> policies = new HashMap<>();
    for (TierPolicy tier : tiers.values()) {
      List<String> variants = new ArrayList<>(tier.variants());
      if (tier.cascade() != null) {
        variants.add(tier.cascade().small());
      }
      for (String variant : variants) {
        policies.merge(
            variant, new BatchPolicy(maxBatch, tier.objective()), TierPolicies::stricter);
      }
    }
    return Map.copyOf(policies);
  }

  /** The one with the shorter objective. */
  static BatchPolicy stricter(BatchPolicy a, BatchPolicy b) {
    Duration one = a.objective();
    Duration other = b.objective();
    return other == null || (one != null && one.compareTo(other) < 0) ? a : b;
  }

  /** When tiers step down; null for never. */
  static @Nullable BrownoutPolicy brownout(Settings.BrownoutSettings brownout) {
    return brownout.enabled()
        ? new BrownoutPolicy(brownout.period(), brownout.waitShare(), brownout.lateShare())
        : null;
  }

  private static @Nullable CascadePolicy cascade(Settings.CascadeSettings cascade) {
    return cascade
        .small()
        .map(small -> new CascadePolicy(small, cascade.temperature(), cascade.threshold()))
        .orElse(null);
  }

  private static TierPolicy policy(Settings.TierSettings tier, String otherwise) {
    return new TierPolicy(
        tier.variants().orElse(List.of(otherwise)),
        tier.maxDelay(),
        tier.objective().orElse(null),
        tier.shed(),
        cascade(tier.cascade()));
  }
}
