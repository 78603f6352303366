package dev.phistream.repository;

import dev.phistream.image.Preprocessing;
import dev.phistream.model.Variants.Variant;
import dev.phistream.model.WeightConventions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A published weight set.
 *
 * @param id under which it is published
 * @param variant its network
 * @param preprocessing what its images need done at the size of the training
 * @param atTestSize what its images need done at the size of the test, often a larger one
 * @param conventions what it was trained with
 * @param classes outputs of its classifier
 * @param top1 published accuracy on ImageNet's validation images in percent at the size of the
 *     training, if it is known here
 * @param testTop1 likewise at the size of the test
 */
public record WeightSet(
    String id,
    Variant variant,
    Preprocessing preprocessing,
    Preprocessing atTestSize,
    WeightConventions conventions,
    int classes,
    @Nullable Double top1,
    @Nullable Double testTop1) {
  /** The published accuracy at a size, if it is known here. */
  Optional<Double> top1At(int size) {
    if (size == preprocessing.size()) {
      return Optional.ofNullable(top1);
    }
    return size == atTestSize.size() ? Optional.ofNullable(testTop1) : Optional.empty();
  }
}
