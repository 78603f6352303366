package dev.phistream.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.phistream.cascade.Proportion;
import dev.phistream.image.DecodeLimits;
import dev.phistream.image.ImageDecoder;
import dev.phistream.image.ImageException;
import dev.phistream.image.Preprocessor;
import dev.phistream.inference.ComputeDevice;
import dev.phistream.inference.Engines;
import dev.phistream.inference.InferenceException;
import dev.phistream.inference.NetworkRunner;
import dev.phistream.model.Model;
import dev.phistream.model.ModelCard;
import dev.phistream.model.ModelException;
import dev.phistream.model.Op;
import dev.phistream.weights.Judgement;
import dev.phistream.weights.Setting;
import dev.phistream.weights.Setting.Aspect;
import dev.phistream.weights.SettingSearch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;

/** Says how good a model is on labelled images, and which of its settings look wrong. */
final class ModelVerdict {
  private static final int BATCH = 8;

  private final Console console;
  private final boolean json;
  private final String engine;

  ModelVerdict(Console console, boolean json, String engine) {
    this.console = console;
    this.json = json;
    this.engine = engine;
  }

  /** An image as the network takes it, and its class. */
  private record Input(byte[] pixels, int label) {}

  /**
   * Judges a model and prints it.
   *
   * @param line what JSON says of it so far
   * @throws CommandException when none of the images can be read
   */
  void judge(String id, Model model, List<LabelledImage> all, int limit, ObjectNode line)
      throws CommandException, ModelException, InferenceException {
    List<LabelledImage> chosen = spread(all, limit);
    List<Input> inputs = inputs(model, chosen);
    if (inputs.isEmpty()) {
      throw new CommandException(
          "%s: none of %d images can be read (expected: images)".formatted(id, chosen.size()));
    }
    int[] classes = inputs.stream().mapToInt(Input::label).toArray();
    ModelCard card = model.card();
    Setting own = new Setting(card.conventions(), card.preprocessing(), false);
    SettingSearch.Result result;
    if (card.quantization() != null) {
      Judgement judgement = Judgement.of(logits(model, inputs, false), classes);
      result = new SettingSearch.Result(judgement, null, judgement, 0);
    } else {
      result = search(model, own, inputs, classes);
    }
    if (json) {
      console.out().println(fields(line, own, result));
    } else {
      print(card, chosen.size() - inputs.size(), own, result);
    }
  }

  private SettingSearch.Result search(Model model, Setting own, List<Input> inputs, int[] classes)
      throws ModelException, InferenceException {
    try (ProgressBar progress = console.progress("settings", -1)) {
      SettingSearch.Trial<VerdictException> trial =
          setting -> {
            try {
              Model other = new Model(with(model.card(), setting), model.labels(), model.weights());
              Judgement judgement =
                  Judgement.of(logits(other, inputs, setting.blueFirst()), classes);
              progress.step();
              return judgement;
            } catch (ModelException | InferenceException e) {
              throw new VerdictException(e);
            }
          };
      return SettingSearch.search(own, trial);
    } catch (VerdictException e) {
      if (e.getCause() instanceof ModelException cause) {
        throw cause;
      }
      throw (InferenceException) Objects.requireNonNull(e.getCause());
    }
  }

  /** Carries one of two through an interface that throws one kind. */
  private static final class VerdictException extends Exception {
    VerdictException(Exception cause) {
      super(cause);
    }
  }

  private static ModelCard with(ModelCard card, Setting setting) {
    return new ModelCard(
        card.id(),
        card.variant(),
        card.architecture(),
        card.scaling(),
        card.classes(),
        setting.conventions(),
        setting.preprocessing(),
        card.weightsDigest(),
        card.facts());
  }

  /** At most {@code limit} of them, evenly from all. */
  private static List<LabelledImage> spread(List<LabelledImage> all, int limit) {
    if (all.size() <= limit) {
      return all;
    }
    List<LabelledImage> chosen = new ArrayList<>();
    for (int i = 0; i < limit; i++) {
      chosen.add(all.get((int) ((long) i * all.size() / limit)));
    }
    return chosen;
  }

  private static List<Input> inputs(Model model, List<LabelledImage> images) {
    ImageDecoder decoder = new ImageDecoder(DecodeLimits.DEFAULT);
    Preprocessor preprocessor = new Preprocessor(model.card().preprocessing());
    return images.parallelStream()
        .map(image -> input(image, decoder, preprocessor))
        .filter(Objects::nonNull)
        .map(Objects::requireNonNull)
        .toList();
  }

  private static @Nullable Input input(
      LabelledImage image, ImageDecoder decoder, Preprocessor preprocessor) {
    try {
      return new Input(preprocessor.apply(decoder.decode(image.content().read())), image.label());
    } catch (IOException | ImageException e) {
      return null;
    }
  }

  private List<float[]> logits(Model model, List<Input> inputs, boolean blueFirst)
      throws ModelException, InferenceException {
    List<float[]> logits = new ArrayList<>();
    try (NetworkRunner runner =
        Engines.start(engine, 1).load(model, Op.InputType.PIXELS, ComputeDevice.CPU)) {
      for (int from = 0; from < inputs.size(); from += BATCH) {
        List<byte[]> batch =
            inputs.subList(from, Math.min(from + BATCH, inputs.size())).stream()
                .map(input -> blueFirst ? swapped(input.pixels()) : input.pixels())
                .toList();
        logits.addAll(runner.logits(batch));
      }
    }
    return logits;
  }

  /** With the first plane and the last exchanged. */
  private static byte[] swapped(byte[] pixels) {
    byte[] swapped = pixels.clone();
    int plane = pixels.length / 3;
    System.arraycopy(pixels, 0, swapped, 2 * plane, plane);
    System.arraycopy(pixels, 2 * plane, swapped, 0, plane);
    return swapped;
  }

  private void print(ModelCard card, int unreadable, Setting own, SettingSearch.Result result) {
    Judgement judgement = result.own();
    Proportion right = new Proportion(judgement.count(), judgement.images());
    console.out().println("  " + Accuracy.text("top-1", right));
    Object published = card.facts() == null ? null : card.facts().get("publishedTop1");
    if (published instanceof Number number) {
      boolean within =
          number.doubleValue() >= 100 * right.low() && number.doubleValue() <= 100 * right.high();
      console
          .out()
          .println(
              text(
                  "  published on ImageNet's validation images: %.2f %%, %s this interval",
                  number.doubleValue(), within ? "within" : "outside of"));
    }
    console
        .out()
        .println(
            text(
                "  calibration: expected error %.1f %%; mean confidence %.1f %%, log loss %.3f",
                100 * judgement.calibrationError(),
                100 * judgement.meanConfidence(),
                judgement.meanLogLoss()));
    if (unreadable > 0) {
      console.out().println("  images that cannot be read: " + unreadable);
    }
    Setting better = result.better();
    if (card.quantization() != null) {
      console.out().println("  settings: not tried; an int8 model's are those it was made of");
    } else if (better == null) {
      console
          .out()
          .println(
              "  settings: none of %d others fits these images better".formatted(result.tried()));
    } else {
      List<Aspect> wrong = better.differences(own);
      console
          .out()
          .println(
              text(
                  "  warning: %s wrong: with %s, %d of %d are right instead of %d, and the log loss"
                      + " is %.3f",
                  String.join(" and ", wrong.stream().map(Aspect::label).toList())
                      + (wrong.size() == 1 ? " looks" : " look"),
                  String.join(" ", wrong.stream().map(better::option).toList()),
                  result.best().count(),
                  result.best().images(),
                  judgement.count(),
                  result.best().meanLogLoss()));
    }
  }

  private static ObjectNode fields(ObjectNode line, Setting own, SettingSearch.Result result) {
    Judgement judgement = result.own();
    Proportion right = new Proportion(judgement.count(), judgement.images());
    line.put("images", judgement.images())
        .put("right", judgement.count())
        .put("top1", right.share())
        .put("top1Low", right.low())
        .put("top1High", right.high())
        .put("calibrationError", judgement.calibrationError())
        .put("meanConfidence", judgement.meanConfidence())
        .put("logLoss", judgement.meanLogLoss())
        .put("settingsTried", result.tried());
    ArrayNode warnings = line.putArray("warnings");
    Setting better = result.better();
    if (better != null) {
      for (Aspect aspect : better.differences(own)) {
        warnings
            .addObject()
            .put("what", aspect.name().toLowerCase(Locale.ROOT))
            .put("now", own.option(aspect))
            .put("better", better.option(aspect));
      }
      line.put("betterRight", result.best().count())
          .put("betterLogLoss", result.best().meanLogLoss());
    }
    return line;
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
