package dev.phistream.drawing;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What to train.
 *
 * @param variant id of the model, such as {@code phi-7}
 * @param phi compound coefficient of the network
 * @param epochs passes over the images
 * @param images drawn for training
 * @param seed of images, initial weights and order; a training repeats up to rounding
 * @param directory where the model is written
 * @param start directory of a model of the same network to go on from, or null to begin anew
 */
public record TrainingOptions(
    String variant,
    double phi,
    int epochs,
    int images,
    long seed,
    Path directory,
    @Nullable Path start) {
  /** Checks the numbers. */
  public TrainingOptions {
    if (epochs < 1) {
      throw new IllegalArgumentException("epochs: " + epochs + " (expected: >= 1)");
    }
    if (images < SyntheticTraining.BATCH) {
      throw new IllegalArgumentException(
          "images: %d (expected: >= %d, one batch)".formatted(images, SyntheticTraining.BATCH));
    }
    if (seed < 0 || seed >= Seeds.TRAINING_END) {
      throw new IllegalArgumentException(
          "seed: %d (expected: 0 to %d; the others are for measuring)"
              .formatted(seed, Seeds.TRAINING_END - 1));
    }
    if (!(phi >= -12 && phi <= 7)) {
      throw new IllegalArgumentException("phi: " + phi + " (expected: -12 to 7)");
    }
  }

  /** The command that trains the same. */
  public String command() {
    return "./phistream train synthetic --variant %s --phi %s --epochs %d --images %d --seed %d"
            .formatted(variant, phi, epochs, images, seed)
        + (start == null ? "" : " --from " + start);
  }
}
