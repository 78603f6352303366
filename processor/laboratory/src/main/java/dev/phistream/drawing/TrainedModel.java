package dev.phistream.drawing;

import dev.phistream.model.ModelCard;
import dev.phistream.model.ModelDirectory;
import dev.phistream.model.Network;
import dev.phistream.model.Safetensors;
import dev.phistream.model.Tensor;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes what a training learns as a model directory, with float16 weights. */
final class TrainedModel {
  private final TrainingOptions options;
  private final Trainee trainee;

  TrainedModel(TrainingOptions options, Trainee trainee) {
    this.options = options;
    this.trainee = trainee;
  }

  /**
   * Writes it in place of what was there.
   *
   * @param epoch that the weights come from
   * @param heldOut what they reach, or null when that is not measured yet
   */
  ModelCard write(Map<String, Tensor> weights, int epoch, @Nullable Accuracy heldOut)
      throws IOException {
    ModelCard card =
        new ModelCard(
            options.variant(),
            options.variant(),
            trainee.architecture().name(),
            trainee.scaling(),
            trainee.network().classes(),
            trainee.conventions(),
            trainee.preprocessing(),
            "",
            facts(epoch, heldOut));
    return ModelDirectory.write(
        options.directory(), card, Subject.labels(), weights, Safetensors.Precision.F16);
  }

  private Map<String, Object> facts(int epoch, @Nullable Accuracy heldOut) {
    Network network = trainee.network();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("phi", options.phi());
    facts.put("parameters", network.parameters());
    facts.put("flops", network.flops());
    facts.put("weightsBytes", 2 * values(network));
    if (heldOut != null) {
      facts.put("heldOutAccuracy", heldOut.share());
      facts.put("heldOutImages", heldOut.images());
      facts.put("heldOutSeed", Seeds.heldOut(options.seed()));
    }
    facts.put("source", "learnt from images that this program draws");
    facts.put("command", options.command());
    facts.put("trainingSeed", options.seed());
    facts.put("trainingImages", options.images());
    facts.put("epochs", options.epochs());
    facts.put("bestEpoch", epoch);
    return facts;
  }

  private static long values(Network network) {
    return network.tensors().values().stream().mapToLong(Tensor::elements).sum();
  }
}
