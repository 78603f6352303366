package dev.phistream.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.phistream.model.Model;
import dev.phistream.pipeline.Answer.Label;
import dev.phistream.pipeline.Labels;
import java.util.List;

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
  private final LabelTable table = new LabelTable("file");

  ClassifyOutput(
      Console console,
      boolean json,
      boolean withLogits,
      String engine,
      Model model,
      Labels labels,
      int top) {
    this.console = console;
    this.json = json;
    this.withLogits = withLogits;
    this.engine = engine;
    this.model = model;
    this.labels = labels;
    this.top = top;
  }

  void labelled(String file, float[] logits) {
    List<Label> best = labels.top(logits, top);
    if (!json) {
      table.add(file, best);
      return;
    }
    ObjectNode line = line(file);
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

  /** Prints what has been held back to align it. */
  void finish() {
    table.print(console.out());
  }

  private ObjectNode line(String file) {
    return JSON.createObjectNode()
        .put("file", file)
        .put("variant", model.card().variant())
        .put("model", model.card().id())
        .put("engine", engine);
  }
}
