package dev.phistream.testkit;

import dev.phistream.image.Preprocessing;
import dev.phistream.model.Architecture;
import dev.phistream.model.CompoundScaling;
import dev.phistream.model.Model;
import dev.phistream.model.ModelCard;
import dev.phistream.model.Padding;
import dev.phistream.model.Safetensors;
import dev.phistream.model.WeightConventions;
import dev.phistream.model.Weights;
import java.nio.file.Path;
import java.util.Collections;

/** The B0 with seeded weights of the shared test data, whose logits are known. */
public final class ReferenceB0 {
  /** Its classes, which have no names. */
  public static final int CLASSES = 1000;

  private ReferenceB0() {}

  /** The model, run by some conventions; the test that asks is skipped where it is absent. */
  public static Model with(Padding padding, double bnEps) throws Exception {
    Path file = SharedData.at("reference/b0-weights.safetensors");
    ModelCard card =
        new ModelCard(
            "b0-reference",
            "b0",
            Architecture.EFFICIENT_NET.name(),
            CompoundScaling.EFFICIENT_NET.at(0),
            CLASSES,
            new WeightConventions(padding, bnEps),
            Preprocessing.imagenet(224, 0.875),
            "",
            null);
    return new Model(
        card,
        Collections.nCopies(CLASSES, "any"),
        Weights.of(
            Architecture.EFFICIENT_NET.scaled(card.scaling(), CLASSES),
            Safetensors.read(file),
            file.toString()));
  }
}
