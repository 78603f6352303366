package dev.phistream.training;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What to train, and how.
 *
 * @param id of the model that comes out
 * @param variant that it serves, or null for the base model's
 * @param models the repository that it goes to
 * @param unfreeze stages below the classifier that learn too; 0 for none
 * @param epochs of the fine-tuning
 * @param minutes that the fine-tuning may take, about, or null for as many as the epochs take
 * @param validation part of the images that is measured on, where the user names none
 * @param mirror whether mirrored images show the same class
 * @param balanced whether rare classes weigh more
 * @param mixup parameter α of mixup; 0 for none
 * @param magnitude of RandAugment, 0 to 10
 * @param rate highest learning rate of the stages below the classifier
 * @param seed of everything that is drawn
 * @param resume whether to go on from a checkpoint
 * @param command that trains this again, for the model's card
 */
public record TransferOptions(
    String id,
    @Nullable String variant,
    Path models,
    int unfreeze,
    int epochs,
    @Nullable Double minutes,
    double validation,
    boolean mirror,
    boolean balanced,
    double mixup,
    double magnitude,
    float rate,
    long seed,
    boolean resume,
    String command) {
  /** Checks the numbers. */
  public TransferOptions {
    check(unfreeze >= 0, "unfreeze", unfreeze, ">= 0");
    check(epochs >= 1, "epochs", epochs, ">= 1");
    check(minutes == null || minutes > 0, "minutes", String.valueOf(minutes), "> 0");
    check(validation > 0 && validation < 1, "validation", validation, "above 0 and below 1");
    check(mixup >= 0 && mixup <= 10, "mixup", mixup, "0 to 10");
    check(magnitude >= 0 && magnitude <= 10, "magnitude", magnitude, "0 to 10");
    check(rate > 0 && rate < 1, "rate", rate, "above 0 and below 1");
    check(seed >= 0, "seed", seed, ">= 0");
  }

  private static void check(boolean good, String name, Object value, String expected) {
    if (!good) {
      throw new IllegalArgumentException("%s: %s (expected: %s)".formatted(name, value, expected));
    }
  }
}
