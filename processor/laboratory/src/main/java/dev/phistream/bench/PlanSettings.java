package dev.phistream.bench;

import dev.phistream.planning.PlanRequest;
import dev.phistream.planning.Policy;
import dev.phistream.planning.TierMix;
import dev.phistream.runtime.ServingPolicy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a plan takes from the processor's configuration. */
public final class PlanSettings {
  private PlanSettings() {}

  /** What the simulated processor is to do: the same as the real one. */
  public static Policy policy(ServingPolicy serving) {
    return new Policy(
        List.copyOf(serving.models().keySet()),
        serving.tiers(),
        serving.batches(),
        serving.maxBatch(),
        serving.brownout());
  }

  /** The name of the model of each variant that may answer the mix, fastest variant first. */
  public static Map<String, String> models(ServingPolicy serving, TierMix mix) {
    Map<String, String> models = new LinkedHashMap<>(serving.models());
    models.keySet().retainAll(PlanRequest.variants(policy(serving), mix));
    return models;
  }
}
