package dev.phistream.runtime;

import dev.phistream.batching.BatchPolicy;
import dev.phistream.config.ConfigException;
import dev.phistream.config.Problem;
import dev.phistream.config.Settings;
import dev.phistream.event.Tier;
import dev.phistream.model.ModelException;
import dev.phistream.model.ModelLocator;
import dev.phistream.model.Variants;
import dev.phistream.repository.ModelRepository;
import dev.phistream.routing.BrownoutPolicy;
import dev.phistream.routing.TierPolicy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a configuration routes events and sizes micro-batches, without loading a model.
 *
 * @param models the configuration's name of the model of each variant, fastest variant first
 * @param tiers a policy for each of LATENCY, BALANCED and ACCURACY
 * @param batches a policy for each variant that a tier names
 * @param maxBatch largest micro-batch
 * @param brownout when tiers step down, or null for never
 */
public record ServingPolicy(
    Map<String, String> models,
    Map<Tier, TierPolicy> tiers,
    Map<String, BatchPolicy> batches,
    int maxBatch,
    @Nullable BrownoutPolicy brownout) {
  private static final int CLASSES = 1000;

  private record ResolvedModel(String variant, String name, long flops) {}

  /**
   * That of a configuration; published variants need not be there.
   *
   * @throws ConfigException when a setting cannot be
   * @throws ModelException when a model is neither there nor published
   */
  public static ServingPolicy of(Settings config) throws ConfigException, ModelException {
    ModelLocator locator = ModelRepository.locator(config.modelRepository());
    List<ResolvedModel> found = new ArrayList<>();
    for (String name : config.models()) {
      found.add(find(locator, name));
    }
    found.sort(Comparator.comparingLong(ResolvedModel::flops));
    List<Problem> problems = new ArrayList<>();
    Map<String, String> models = new LinkedHashMap<>();
    for (ResolvedModel model : found) {
      if (models.putIfAbsent(model.variant(), model.name()) != null) {
        problems.add(VariantRules.secondModel(config, model.name(), model.variant()));
      }
    }
    List<String> variants = List.copyOf(models.keySet());
    problems.addAll(new VariantRules(config, variants).problems());
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    int maxBatch = config.batch().maxSize();
    Map<Tier, TierPolicy> tiers = TierPolicies.of(config.tiers(), variants);
    return new ServingPolicy(
        models,
        tiers,
        TierPolicies.batches(tiers, maxBatch),
        maxBatch,
        TierPolicies.brownout(config.brownout()));
  }

  private static ResolvedModel find(ModelLocator locator, String name) throws ModelException {
    try {
      var card = locator.find(name).card();
      return new ResolvedModel(card.variant(), name, card.network().flops());
    } catch (ModelException e) {
      return Variants.find(name)
          .map(variant -> new ResolvedModel(name, name, variant.network(CLASSES).flops()))
          .orElseThrow(() -> e);
    }
  }
}
