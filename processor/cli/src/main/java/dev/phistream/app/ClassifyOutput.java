package dev.phistream.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.phistream.cascade.Proportion;
import dev.phistream.model.Model;
import dev.phistream.pipeline.Answer.Label;
import dev.phistream.pipeline.ClassificationException;
import dev.phistream.pipeline.Labels;
import dev.phistream.pipeline.NoNumberException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What {@code classify} prints: a line per image, as JSON or for people. */
final class ClassifyOutput {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Console console;
  private final boolean json;
  private final boolean withLogits;
  private final String engine;
  private final Model model;
  private final Labels labels;
  private final int top;
  private final @Nullable TrueLabels truth;
  private final LabelTable table = new LabelTable("file");
  private int right;
  private int among;
  private int known;
  private int unknown;

  ClassifyOutput(
      Console console,
      boolean json,
      boolean withLogits,
      String engine,
      Model model,
      Labels labels,
      int top,
      @Nullable TrueLabels truth) {
    this.console = console;
    this.json = json;
    this.withLogits = withLogits;
    this.engine = engine;
    this.model = model;
    this.labels = labels;
    this.top = top;
    this.truth = truth;
  }

  /**
   * Prints an image's labels.
   *
   * @return whether there are any: logits may be no numbers
   */
  boolean labelled(String file, float[] logits) {
    List<Label> best;
    try {
      best = labels.top(logits, top);
    } catch (NoNumberException e) {
      failed(
          file,
          new Failure(ClassificationException.INFERENCE_FAILED, String.valueOf(e.getMessage())));
      return false;
    }
    OptionalInt expected = truth == null ? OptionalInt.empty() : truth.of(Path.of(file));
    count(expected, best);
    if (!json) {
      table.add(file, LabelText.of(best) + verdict(expected, best));
      return true;
    }
    ObjectNode line = line(file);
    expected.ifPresent(
        index ->
            line.put("right", best.get(0).index() == index)
                .putObject("expected")
                .put("index", index)
                .put("label", labels.names().get(index)));
    ArrayNode list = line.putArray("labels");
    for (Label label : best) {
      list.addObject()
          .put("index", label.index())
          .put("label", label.name())
          .put("score", label.score());
    }
    if (withLogits) {
      ArrayNode all = line.putArray("logits");
      for (float logit : logits) {
        all.add(logit);
      }
    }
    console.out().println(line);
    return true;
  }

  /** Why a image has no labels. */
  record Failure(String code, String message) {}

  void failed(String file, Failure failure) {
    if (!json) {
      table.add(file, failure.code() + ": " + failure.message());
      return;
    }
    ObjectNode line = line(file);
    line.putArray("labels");
    line.putObject("error").put("code", failure.code()).put("message", failure.message());
    console.out().println(line);
  }

  /** Prints what has been held back to align it, and how many labels are right. */
  void finish() throws CommandException {
    table.print(console.out());
    if (truth == null) {
      return;
    }
    if (known == 0) {
      throw new CommandException(
          "--labels: names none of the images (expected: a row for each image's file)");
    }
    String accuracy = Accuracy.text("top-1", new Proportion(right, known));
    if (top > 1) {
      accuracy += "; " + Accuracy.text("top-" + top, new Proportion(among, known));
    }
    if (unknown > 0) {
      accuracy += "; %d images are not in the table".formatted(unknown);
    }
    // Lines of JSON stay lines of JSON.
    (json ? console.err() : console.out()).println(accuracy);
  }

  private void count(OptionalInt expected, List<Label> best) {
    if (expected.isEmpty()) {
      unknown++;
      return;
    }
    known++;
    right += best.get(0).index() == expected.getAsInt() ? 1 : 0;
    among += best.stream().anyMatch(label -> label.index() == expected.getAsInt()) ? 1 : 0;
  }

  private String verdict(OptionalInt expected, List<Label> best) {
    return expected.isEmpty() || best.get(0).index() == expected.getAsInt()
        ? ""
        : "  (is %s)".formatted(labels.names().get(expected.getAsInt()));
  }

  private ObjectNode line(String file) {
    return JSON.createObjectNode()
        .put("file", file)
        .put("variant", model.card().variant())
        .put("model", model.card().id())
        .put("engine", engine);
  }
}
