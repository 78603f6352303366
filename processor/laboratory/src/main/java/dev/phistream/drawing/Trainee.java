package dev.phistream.drawing;

import dev.phistream.image.Preprocessing;
import dev.phistream.model.Architecture;
import dev.phistream.model.Model;
import dev.phistream.model.ModelException;
import dev.phistream.model.Network;
import dev.phistream.model.Padding;
import dev.phistream.model.Scaling;
import dev.phistream.model.WeightConventions;
import dev.phistream.model.Weights;
import dev.phistream.training.InitialWeights;

/**
 * A network that is to be trained.
 *
 * @param architecture the block table
 * @param scaling of the block table
 * @param network scaled, with an output for each {@link Subject}
 * @param weights to begin with
 * @param conventions what the weights will have been trained with
 * @param preprocessing what images need done: the whole short edge is seen
 */
record Trainee(
    Architecture architecture,
    Scaling scaling,
    Network network,
    Weights weights,
    WeightConventions conventions,
    Preprocessing preprocessing) {
  private static final WeightConventions CONVENTIONS =
      new WeightConventions(Padding.SYMMETRIC, 1e-3);

  /** One that knows nothing. */
  static Trainee untaught(Architecture architecture, Scaling scaling, long seed)
      throws ModelException {
    Network network = architecture.scaled(scaling, Subject.ALL.size());
    return new Trainee(
        architecture,
        scaling,
        network,
        Weights.of(network, InitialWeights.of(network, seed), "initial weights"),
        CONVENTIONS,
        Preprocessing.imagenet(network.resolution(), 1.0));
  }

  /**
   * One that a model has taught already.
   *
   * @throws ModelException when the model is of another network or was trained differently
   */
  static Trainee taught(Architecture architecture, Scaling scaling, Model model)
      throws ModelException {
    Network network = architecture.scaled(scaling, Subject.ALL.size());
    Preprocessing preprocessing = Preprocessing.imagenet(network.resolution(), 1.0);
    if (!model.card().preprocessing().equals(preprocessing)
        || !model.card().conventions().equals(CONVENTIONS)) {
      throw new ModelException(
          "model %s: %s, %s (expected: %s, %s)"
              .formatted(
                  model.card().id(),
                  model.card().preprocessing(),
                  model.card().conventions(),
                  preprocessing,
                  CONVENTIONS));
    }
    Weights weights = Weights.of(network, model.weights().tensors(), "model " + model.card().id());
    return new Trainee(architecture, scaling, network, weights, CONVENTIONS, preprocessing);
  }
}
