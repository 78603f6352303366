package dev.phistream.training;

import dev.phistream.image.Preprocessing;
import dev.phistream.model.Architecture;
import dev.phistream.model.Layer;
import dev.phistream.model.Model;
import dev.phistream.model.ModelCard;
import dev.phistream.model.ModelException;
import dev.phistream.model.Network;
import dev.phistream.model.Padding;
import dev.phistream.model.Scaling;
import dev.phistream.model.Tensor;
import dev.phistream.model.WeightConventions;
import dev.phistream.model.Weights;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a training begins with.
 *
 * @param model its weights; the classifier is not used
 * @param untrained whether it knows nothing, so that all of it must be learnt
 */
public record Base(Model model, boolean untrained) {
  private static final WeightConventions FRESH = new WeightConventions(Padding.SYMMETRIC, 1e-3);

  /** A model that knows something. */
  public static Base of(Model model) {
    return new Base(model, false);
  }

  /** A network with initial weights. */
  public static Base untrained(
      String variant, Architecture architecture, Scaling scaling, long seed) throws ModelException {
    Network network = architecture.scaled(scaling, 2);
    ModelCard card =
        new ModelCard(
            "random",
            variant,
            architecture.name(),
            scaling,
            network.classes(),
            FRESH,
            Preprocessing.imagenet(scaling.resolution(), 1.0),
            "",
            null);
    return new Base(
        new Model(
            card,
            Collections.nCopies(network.classes(), "class"),
            Weights.of(network, InitialWeights.of(network, seed), "initial weights")),
        true);
  }

  /** The same network for other classes, with a classifier that prefers none. */
  Model with(String id, String variant, List<String> classes) throws ModelException {
    ModelCard old = model.card();
    ModelCard card =
        new ModelCard(
            id,
            variant,
            old.architecture(),
            old.scaling(),
            classes.size(),
            old.conventions(),
            old.preprocessing(),
            "",
            null);
    Map<String, Tensor> tensors = new HashMap<>(model.weights().tensors());
    List<Layer> layers = card.network().layers();
    String classifier = layers.get(layers.size() - 1).name();
    int features = layers.get(layers.size() - 1).in().channels();
    tensors.put(
        classifier + ".weight",
        new Tensor(List.of(classes.size(), features), new float[classes.size() * features]));
    tensors.put(classifier + ".bias", Tensor.vector(new float[classes.size()]));
    return new Model(card, classes, Weights.of(card.network(), tensors, "base " + old.id()));
  }
}
