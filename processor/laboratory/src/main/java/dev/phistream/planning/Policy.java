package dev.phistream.planning;

import dev.phistream.batching.BatchPolicy;
import dev.phistream.event.Tier;
import dev.phistream.routing.BrownoutPolicy;
import dev.phistream.routing.TierPolicy;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the simulated processor is configured to do.
 *
 * @param variants served ones, fastest first
 * @param tiers a policy for each of LATENCY, BALANCED and ACCURACY; cascades are not simulated
 * @param batches a policy for each variant that a tier names
 * @param maxBatch largest micro-batch
 * @param brownout when tiers step down, or null for never
 */
public record Policy(
    List<String> variants,
    Map<Tier, TierPolicy> tiers,
    Map<String, BatchPolicy> batches,
    int maxBatch,
    @Nullable BrownoutPolicy brownout) {
  /** Copies the collections. */
  public Policy {
    variants = List.copyOf(variants);
    tiers = Map.copyOf(tiers);
    batches = Map.copyOf(batches);
  }

  /** That of a tier. */
  public TierPolicy tier(Tier tier) {
    TierPolicy policy = tiers.get(tier);
    if (policy == null) {
      throw new IllegalArgumentException("tier %s: no policy (expected: one)".formatted(tier));
    }
    return policy;
  }
}
