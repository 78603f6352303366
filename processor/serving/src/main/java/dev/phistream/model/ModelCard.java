package dev.phistream.model;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.phistream.image.Preprocessing;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stands in a model's {@code model.json}: everything that is needed to run its weights, and
 * what is known about it.
 *
 * @param id names the model
 * @param variant the variant that the model serves
 * @param architecture name of the {@link Architecture}; a file may leave it out for EfficientNet
 * @param scaling of the architecture
 * @param classes outputs of the classifier
 * @param conventions what the weights were trained with
 * @param preprocessing what images need done
 * @param weightsDigest SHA-256 of {@code model.safetensors}, 64 lower-case hexadecimal digits
 * @param facts anything measured, such as held-out accuracy, and where the weights come from
 * @param quantization how it is computed with 8-bit integers, or null for floats
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ModelCard(
    String id,
    String variant,
    String architecture,
    Scaling scaling,
    int classes,
    WeightConventions conventions,
    Preprocessing preprocessing,
    String weightsDigest,
    @Nullable Map<String, Object> facts,
    @Nullable Quantization quantization) {
  /**
   * Checks that nothing is missing, as it may be in a file, that numbers are in their ranges, and
   * that images fit the network.
   *
   * @throws IllegalArgumentException if they are not, or the architecture is not known
   */
  public ModelCard {
    requireNonNull(id, "id is missing");
    requireNonNull(variant, "variant is missing");
    architecture = requireNonNullElse(architecture, Architecture.EFFICIENT_NET.name());
    Architecture network = Architecture.named(architecture);
    requireNonNull(scaling, "scaling is missing");
    requireNonNull(conventions, "conventions is missing");
    requireNonNull(preprocessing, "preprocessing is missing");
    requireNonNull(weightsDigest, "weightsDigest is missing");
    ModelLimits.check(network, scaling, classes);
    if (preprocessing.size() != scaling.resolution()) {
      throw new IllegalArgumentException(
          "preprocessing.size: %d (expected: %d, the network's resolution)"
              .formatted(preprocessing.size(), scaling.resolution()));
    }
  }

  /** A card of a model that is computed with floats. */
  public ModelCard(
      String id,
      String variant,
      String architecture,
      Scaling scaling,
      int classes,
      WeightConventions conventions,
      Preprocessing preprocessing,
      String weightsDigest,
      @Nullable Map<String, Object> facts) {
    this(
        id,
        variant,
        architecture,
        scaling,
        classes,
        conventions,
        preprocessing,
        weightsDigest,
        facts,
        null);
  }

  /** The same card for weights with another digest. */
  public ModelCard withWeightsDigest(String digest) {
    return new ModelCard(
        id,
        variant,
        architecture,
        scaling,
        classes,
        conventions,
        preprocessing,
        digest,
        facts,
        quantization);
  }

  /** The same model under another id, computed with 8-bit integers. Accuracies are not its own. */
  public ModelCard quantized(String as, Quantization how) {
    return new ModelCard(
        as,
        variant,
        architecture,
        scaling,
        classes,
        conventions,
        preprocessing,
        weightsDigest,
        Map.of("quantizedFrom", id),
        how);
  }

  /** The network that the weights belong to. */
  public Network network() {
    return Architecture.named(architecture).scaled(scaling, classes);
  }
}
