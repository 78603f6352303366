package dev.phistream.testkit;

import dev.phistream.image.Preprocessing;
import dev.phistream.model.Architecture;
import dev.phistream.model.CompoundScaling;
import dev.phistream.model.ModelCard;
import dev.phistream.model.ModelDirectory;
import dev.phistream.model.Network;
import dev.phistream.model.Padding;
import dev.phistream.model.RandomWeights;
import dev.phistream.model.Safetensors;
import dev.phistream.model.Scaling;
import dev.phistream.model.Tensor;
import dev.phistream.model.WeightConventions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Small networks with seeded random weights: they know nothing, but they run and are quick. */
public final class TinyModels {
  /** Their classes. */
  public static final List<String> CLASSES = List.of("ant", "bee", "cat");

  private static final int SEED = 7;

  private TinyModels() {}

  /** Writes one as a model directory, which is named by its variant. */
  public static ModelCard write(Path repository, String variant, double phi) throws IOException {
    ModelCard card = card(variant, CompoundScaling.EFFICIENT_NET.at(phi));
    return ModelDirectory.write(
        repository.resolve(variant),
        card,
        CLASSES,
        tensors(card.network(), SEED),
        Safetensors.Precision.F32);
  }

  /** Writes one under an id of its own, with weights of its own. */
  public static ModelCard write(Path repository, String id, String variant, double phi, long seed)
      throws IOException {
    Scaling scaling = CompoundScaling.EFFICIENT_NET.at(phi);
    return ModelDirectory.write(
        repository.resolve(id),
        card(id, variant, Architecture.EFFICIENT_NET, scaling),
        CLASSES,
        tensors(network(scaling), seed),
        Safetensors.Precision.F32);
  }

  /** What {@link #write} says of a model. */
  public static ModelCard card(String variant, Scaling scaling) {
    return card(variant, Architecture.EFFICIENT_NET, scaling);
  }

  /** The same for any block table. */
  public static ModelCard card(String variant, Architecture architecture, Scaling scaling) {
    return card(variant, variant, architecture, scaling);
  }

  private static ModelCard card(
      String id, String variant, Architecture architecture, Scaling scaling) {
    return new ModelCard(
        id,
        variant,
        architecture.name(),
        scaling,
        CLASSES.size(),
        new WeightConventions(Padding.SYMMETRIC, 1e-3),
        Preprocessing.imagenet(scaling.resolution(), 1.0),
        "",
        null);
  }

  /** EfficientNet's network at a scaling, for {@link #CLASSES}. */
  public static Network network(Scaling scaling) {
    return Architecture.EFFICIENT_NET.scaled(scaling, CLASSES.size());
  }

  /**
   * Weights through which signals keep their strength, so that each of them tells in the logits.
   */
  public static Map<String, Tensor> tensors(Network network, long seed) {
    return RandomWeights.draw(network.tensors(), seed);
  }
}
