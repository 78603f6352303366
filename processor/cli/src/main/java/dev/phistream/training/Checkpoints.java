package dev.phistream.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.phistream.model.ModelException;
import dev.phistream.model.Safetensors;
import dev.phistream.model.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;

/**
 * Keeps a fine-tuning on disk after each epoch: {@code epoch-N.safetensors} with all that the next
 * epoch depends on, and {@code progress.json}, which names it and is replaced in one step. Whenever
 * the process dies, one whole checkpoint is there.
 */
final class Checkpoints {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PROGRESS = "progress.json";
  private static final String STATE = "state/";
  private static final String BEST = "best/";
  private static final String TUNED = "tuned";

  private final Path directory;
  private final Map<String, String> fingerprint;
  private final List<ImageData.Image> tune;

  /**
   * Opens the place of a training.
   *
   * @param fingerprint what must be equal for a training to go on: images, base and options
   * @param tune the tuning images
   */
  Checkpoints(Path directory, Map<String, String> fingerprint, List<ImageData.Image> tune) {
    this.directory = directory;
    this.fingerprint = Map.copyOf(fingerprint);
    this.tune = List.copyOf(tune);
  }

  /** What {@code progress.json} holds. */
  record Saved(Map<String, String> fingerprint, String tensors, int best, List<Epoch> history) {}

  /** The settings of the training whose checkpoint is there; empty if there is none. */
  static Optional<Map<String, String>> fingerprint(Path directory) throws TrainingException {
    return saved(directory).map(Saved::fingerprint);
  }

  /** Forgets what is there. */
  void clear() throws IOException {
    FileUtils.deleteDirectory(directory.toFile());
  }

  /**
   * Brings a trainer to the last checkpoint; without one it stays as it is.
   *
   * @throws TrainingException when the checkpoint is of another training, or damaged
   */
  Progress restore(StageTrainer trainer) throws TrainingException {
    Optional<Saved> found = saved(directory);
    if (found.isEmpty()) {
      return Progress.none();
    }
    Saved saved = found.get();
    fingerprint.forEach(
        (name, value) -> {
          if (!value.equals(saved.fingerprint().get(name))) {
            throw new IllegalArgumentException(
                "--resume: %s is %s (expected: %s, as when the training began); give the options of the first command, or leave --resume out to begin anew"
                    .formatted(name, value, saved.fingerprint().get(name)));
          }
        });
    Path file = directory.resolve(saved.tensors());
    try {
      Map<String, Tensor> all = Safetensors.read(file);
      trainer.restore(part(all, STATE));
      return new Progress(
          saved.history(), saved.best(), part(all, BEST), tuned(tensor(all, TUNED)));
    } catch (IOException | ModelException | IllegalArgumentException e) {
      throw new TrainingException(
          "%s: not a whole checkpoint: %s (expected: one that train wrote); delete %s to begin anew"
              .formatted(file, e.getMessage(), directory),
          e);
    }
  }

  private static Optional<Saved> saved(Path directory) throws TrainingException {
    Path file = directory.resolve(PROGRESS);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readValue(file.toFile(), Saved.class));
    } catch (IOException e) {
      throw new TrainingException(
          "%s: not readable: %s; delete %s to begin anew"
              .formatted(file, e.getMessage(), directory),
          e);
    }
  }

  /** Writes a checkpoint and deletes the one before. */
  void keep(StageTrainer trainer, Progress progress) throws IOException {
    Map<String, Tensor> all = new LinkedHashMap<>();
    trainer.state().forEach((name, tensor) -> all.put(STATE + name, tensor));
    progress.bestTensors().forEach((name, tensor) -> all.put(BEST + name, tensor));
    all.put(TUNED, tuned(progress.bestTuned()));
    Files.createDirectories(directory);
    String name = "epoch-%d.safetensors".formatted(progress.next());
    Files.write(directory.resolve(name), Safetensors.write(all, Safetensors.Precision.F32));
    Path fresh = directory.resolve("." + PROGRESS);
    JSON.writeValue(
        fresh.toFile(), new Saved(fingerprint, name, progress.best(), progress.history()));
    Files.move(
        fresh,
        directory.resolve(PROGRESS),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        String other = String.valueOf(file.getFileName());
        if (other.startsWith("epoch-") && !other.equals(name)) {
          Files.delete(file);
        }
      }
    }
  }

  private static Map<String, Tensor> part(Map<String, Tensor> all, String prefix) {
    Map<String, Tensor> part = new LinkedHashMap<>();
    all.forEach(
        (name, tensor) -> {
          if (name.startsWith(prefix)) {
            part.put(name.substring(prefix.length()), tensor);
          }
        });
    return part;
  }

  private static Tensor tuned(List<Judged> answers) {
    int classes = answers.isEmpty() ? 0 : answers.get(0).logits().length;
    float[] values = new float[answers.size() * classes];
    for (int i = 0; i < answers.size(); i++) {
      System.arraycopy(answers.get(i).logits(), 0, values, i * classes, classes);
    }
    return new Tensor(List.of(answers.size(), classes), values);
  }

  private static Tensor tensor(Map<String, Tensor> all, String name) {
    Tensor found = all.get(name);
    if (found == null) {
      throw new IllegalArgumentException("tensor %s is missing".formatted(name));
    }
    return found;
  }

  private List<Judged> tuned(Tensor logits) {
    List<Judged> answers = new ArrayList<>();
    int classes = logits == null ? 0 : logits.shape().get(1);
    for (int i = 0; logits != null && i < logits.shape().get(0); i++) {
      answers.add(
          new Judged(
              tune.get(i), Arrays.copyOfRange(logits.values(), i * classes, (i + 1) * classes)));
    }
    return answers;
  }
}
