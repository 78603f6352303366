package dev.phistream.runtime;

import dev.phistream.image.DecodeLimits;
import dev.phistream.image.ImageDecoder;
import dev.phistream.image.ImageException;
import dev.phistream.image.Preprocessor;
import dev.phistream.inference.InferenceException;
import dev.phistream.inference.NetworkRunner;
import dev.phistream.model.Model;
import dev.phistream.model.ModelException;
import dev.phistream.model.ModelProbes;
import dev.phistream.model.ModelProbes.Probe;
import dev.phistream.pipeline.NoNumberException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Looks at what a loaded model says of probe images before it may answer events: each image from
 * file to logits, as events go. Logits must be finite, as many as there are classes, not the same
 * for all images and, where the model's probes say what they were, what they were.
 */
public final class ModelCheck {
  private static final List<String> IMAGES =
      List.of("airplane-1.jpg", "clock-1.jpg", "mushroom-1.jpg");

  private ModelCheck() {}

  /**
   * Runs the probes of a model.
   *
   * @throws ModelException when an answer is not as it should be; its message names the image
   */
  public static void run(Model model, NetworkRunner runner, ModelProbes expected)
      throws ModelException {
    List<float[]> answers = answers(model, runner, expected.probes());
    for (int i = 0; i < answers.size(); i++) {
      Probe probe = expected.probes().get(i);
      double difference = probe.difference(answers.get(i));
      if (!(difference <= ModelProbes.TOLERANCE)) {
        throw new ModelException(
            String.format(
                Locale.ROOT,
                "model %s: logits of probe %s differ by %.4f of their range from those that engine"
                    + " %s gave (expected: at most %.4f); the weights, the preprocessing or the"
                    + " engine are not what they were",
                model.card().id(),
                probe.name(),
                difference,
                expected.engine(),
                ModelProbes.TOLERANCE));
      }
    }
  }

  /**
   * Runs images that came with the program.
   *
   * @param engine the engine's name
   * @return what the model says of them, to be its probes
   * @throws ModelException when an answer cannot be right whatever the model knows
   */
  public static ModelProbes record(Model model, NetworkRunner runner, String engine)
      throws ModelException {
    List<Probe> images =
        IMAGES.stream().map(name -> new Probe(name, image(name), new float[0])).toList();
    List<float[]> answers = answers(model, runner, images);
    List<Probe> probes = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      probes.add(new Probe(images.get(i).name(), images.get(i).image(), answers.get(i)));
    }
    return new ModelProbes(model.card().weightsDigest(), engine, probes);
  }

  /**
   * Runs images that came with the program and looks only whether the answers are numbers.
   *
   * @throws ModelException when one is not
   */
  public static void numbers(Model model, NetworkRunner runner) throws ModelException {
    List<float[]> unused =
        logits(
            model,
            runner,
            IMAGES.stream().map(name -> new Probe(name, image(name), new float[0])).toList());
  }

  private static List<float[]> answers(Model model, NetworkRunner runner, List<Probe> probes)
      throws ModelException {
    List<float[]> answers = logits(model, runner, probes);
    if (answers.size() > 1
        && answers.stream().allMatch(answer -> Arrays.equals(answer, answers.get(0)))) {
      throw new ModelException(
          "model %s: says the same of all %d probes (expected: different logits for different images); its weights are broken"
              .formatted(model.card().id(), answers.size()));
    }
    return answers;
  }

  private static List<float[]> logits(Model model, NetworkRunner runner, List<Probe> probes)
      throws ModelException {
    String id = model.card().id();
    ImageDecoder decoder = new ImageDecoder(DecodeLimits.DEFAULT);
    Preprocessor preprocessor = new Preprocessor(model.card().preprocessing());
    List<float[]> answers = new ArrayList<>();
    for (Probe probe : probes) {
      float[] logits;
      try {
        logits = runner.logits(List.of(preprocessor.apply(decoder.decode(probe.image())))).get(0);
      } catch (ImageException e) {
        throw new ModelException(
            "model %s: probe %s is no image: %s".formatted(id, probe.name(), e.getMessage()), e);
      } catch (InferenceException e) {
        throw new ModelException(
            "model %s: fails on probe %s: %s".formatted(id, probe.name(), e.getMessage()), e);
      }
      if (logits.length != model.card().classes()) {
        throw new ModelException(
            "model %s: %d logits for probe %s (expected: %d, one per class)"
                .formatted(id, logits.length, probe.name(), model.card().classes()));
      }
      try {
        NoNumberException.check(logits);
      } catch (NoNumberException e) {
        throw new ModelException(
            "model %s: probe %s: %s; its weights are broken"
                .formatted(id, probe.name(), e.getMessage()),
            e);
      }
      answers.add(logits);
    }
    return answers;
  }

  private static byte[] image(String name) {
    try (InputStream in =
        Objects.requireNonNull(ModelCheck.class.getResourceAsStream("/samples/" + name), name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
