package dev.phistream.training;

import dev.phistream.model.ModelCard;
import java.nio.file.Path;
import java.util.List;

/**
 * What a training came to.
 *
 * @param options that it had
 * @param base card of the model that it began with
 * @param card of the model that it wrote
 * @param directory where that is
 * @param data the images
 * @param findings about the images, those that the training found included
 * @param head epochs of the classifier alone
 * @param fineTune epochs of the upper stages; none if they stayed frozen
 * @param best index of the epoch of the fine-tuning that was kept
 * @param stages names of the stages that learnt
 * @param chosen answers on the images that temperature and threshold come from, at temperature 1
 * @param temperature that the model's logits are divided by
 * @param threshold score below which an answer counts as unknown
 * @param served what the written model says of the validation images
 * @param phases what was done, and how long it took
 */
public record TransferResult(
    TransferOptions options,
    ModelCard base,
    ModelCard card,
    Path directory,
    ImageData data,
    List<Finding> findings,
    List<Epoch> head,
    List<Epoch> fineTune,
    int best,
    List<String> stages,
    Evaluation chosen,
    double temperature,
    double threshold,
    Evaluation served,
    List<Phase> phases) {
  /** Copies the lists. */
  public TransferResult {
    findings = List.copyOf(findings);
    head = List.copyOf(head);
    fineTune = List.copyOf(fineTune);
    stages = List.copyOf(stages);
    phases = List.copyOf(phases);
  }

  /**
   * A piece of work.
   *
   * @param name what was done
   * @param seconds that it took
   * @param detail in numbers
   */
  public record Phase(String name, double seconds, String detail) {}
}
