package dev.phistream.inference;

import dev.phistream.image.Preprocessing;
import dev.phistream.model.Architecture;
import dev.phistream.model.Model;
import dev.phistream.model.ModelCard;
import dev.phistream.model.ModelException;
import dev.phistream.model.Op;
import dev.phistream.model.Padding;
import dev.phistream.model.RandomWeights;
import dev.phistream.model.Scaling;
import dev.phistream.model.WeightConventions;
import dev.phistream.model.Weights;
import java.util.Collections;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether two ways to run a network give the same logits, tried on a small one. */
final class EngineProbe {
  private static final Logger log = LoggerFactory.getLogger(EngineProbe.class);
  private static final int CLASSES = 2;
  private static final int SIDE = 32;
  private static final long SEED = 1;
  private static final double TOLERANCE = 1e-3;

  private EngineProbe() {}

  /**
   * Compares both on the CPU.
   *
   * @return false if they differ, or if {@code candidate} cannot run the network
   */
  static boolean agree(InferenceEngine candidate, InferenceEngine reference) throws ModelException {
    Model model = model();
    float[] expected = logits(reference, model);
    try {
      float[] found = logits(candidate, model);
      for (int i = 0; i < CLASSES; i++) {
        if (!(Math.abs(found[i] - expected[i]) <= TOLERANCE * Math.max(1, Math.abs(expected[i])))) {
          log.debug("logit {}: {} (expected: {})", i, found[i], expected[i]);
          return false;
        }
      }
      return true;
    } catch (ModelException e) {
      log.debug("the candidate does not run", e);
      return false;
    }
  }

  private static float[] logits(InferenceEngine engine, Model model) throws ModelException {
    byte[] image = new byte[3 * SIDE * SIDE];
    for (int i = 0; i < image.length; i++) {
      image[i] = (byte) (i * 37);
    }
    try (NetworkRunner runner = engine.load(model, Op.InputType.PIXELS, ComputeDevice.CPU)) {
      return runner.logits(List.of(image)).get(0);
    } catch (InferenceException e) {
      throw new ModelException("probe: " + e.getMessage(), e);
    }
  }

  private static Model model() throws ModelException {
    ModelCard card =
        new ModelCard(
            "probe",
            "probe",
            Architecture.EFFICIENT_NET.name(),
            new Scaling(0.5, 0.1, SIDE),
            CLASSES,
            new WeightConventions(Padding.SAME, 1e-3),
            Preprocessing.imagenet(SIDE, 1),
            "",
            null);
    return new Model(
        card,
        Collections.nCopies(CLASSES, "class"),
        Weights.of(card.network(), RandomWeights.draw(card.network().tensors(), SEED), "probe"));
  }
}
