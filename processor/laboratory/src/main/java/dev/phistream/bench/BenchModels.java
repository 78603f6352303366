package dev.phistream.bench;

import dev.phistream.image.Preprocessing;
import dev.phistream.model.Model;
import dev.phistream.model.ModelCard;
import dev.phistream.model.ModelException;
import dev.phistream.model.ModelLocator;
import dev.phistream.model.Network;
import dev.phistream.model.Padding;
import dev.phistream.model.RandomWeights;
import dev.phistream.model.Variants;
import dev.phistream.model.WeightConventions;
import dev.phistream.model.Weights;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Models to measure by what users call them: those of {@link ModelLocator}, and each published
 * variant that has no weights here with random ones, which are as fast.
 */
final class BenchModels {
  private static final int SEED = 1;
  private static final int CLASSES = 1000;

  private final ModelLocator locator;

  BenchModels(ModelLocator locator) {
    this.locator = locator;
  }

  /**
   * A model, and where its weights are from.
   *
   * @param model to run
   * @param weights for people
   */
  record Found(Model model, String weights) {
    ModelFacts facts(String name) {
      Network network = model.card().network();
      return new ModelFacts(
          name, weights, network.resolution(), network.parameters(), network.flops());
    }
  }

  /**
   * Finds one.
   *
   * @throws ModelException when no model and no variant has this name
   */
  Found find(String name) throws ModelException {
    try {
      Model model = locator.find(name).load();
      return new Found(model, "SHA-256 " + model.card().weightsDigest());
    } catch (ModelException e) {
      return new Found(
          random(Variants.find(name).orElseThrow(() -> unknown(e))), "random, seed " + SEED);
    }
  }

  /**
   * Multiply-adds of one image, without loading the model.
   *
   * @throws ModelException when no model and no variant has this name
   */
  long flops(String name) throws ModelException {
    try {
      return locator.find(name).card().network().flops();
    } catch (ModelException e) {
      return Variants.find(name).orElseThrow(() -> unknown(e)).network(CLASSES).flops();
    }
  }

  private static ModelException unknown(ModelException e) {
    return new ModelException(
        "%s, nor a variant (of %s)".formatted(e.getMessage(), String.join(", ", variants())), e);
  }

  private static Model random(Variants.Variant variant) throws ModelException {
    Network network = variant.network(CLASSES);
    return new Model(
        new ModelCard(
            variant.id(),
            variant.id(),
            variant.architecture().name(),
            variant.scaling(),
            CLASSES,
            new WeightConventions(Padding.SYMMETRIC, 1e-3),
            Preprocessing.imagenet(network.resolution(), 1.0),
            "",
            null),
        IntStream.range(0, CLASSES).mapToObj(i -> "class " + i).toList(),
        Weights.of(network, RandomWeights.draw(network.tensors(), SEED), variant.id()));
  }

  private static List<String> variants() {
    return Variants.ALL.stream().map(Variants.Variant::id).toList();
  }
}
