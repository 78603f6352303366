package dev.phistream.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.phistream.inference.ComputeDevice;
import dev.phistream.inference.Engines;
import dev.phistream.inference.InferenceException;
import dev.phistream.inference.NetworkRunner;
import dev.phistream.inference.OnnxEngine;
import dev.phistream.model.Model;
import dev.phistream.model.ModelException;
import dev.phistream.model.ModelLocator;
import dev.phistream.model.Op;
import dev.phistream.repository.RepositoryException;
import dev.phistream.runtime.ModelCheck;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Reads models whole and says which are damaged. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description =
        "Read models whole: card, labels, every tensor's name, shape and values, SHA-256; and run"
            + " them. With images, say how accurate and how well calibrated they are, and whether"
            + " other settings fit better. 1 if one is damaged.")
final class ModelsVerifyCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Console console;

  @Mixin private RepositoryOption repository = new RepositoryOption();

  @Parameters(
      paramLabel = "ID|DIR",
      description = "Models (default: all in the repository and the bundled ones).")
  private List<String> ids = List.of();

  @Mixin private EngineOption engine = new EngineOption();

  @Option(
      names = "--images",
      paramLabel = "DIR",
      description =
          "Also judge the models by these images, and warn when other settings fit them better."
              + " Needs --labels.")
  private @Nullable Path images;

  @Option(
      names = "--labels",
      paramLabel = "CSV",
      description =
          "What the images show: a table with the columns file and class_index, or file and label.")
  private @Nullable Path labels;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "500",
      description =
          "At most so many images, evenly from all of them; each setting runs them once (default:"
              + " ${DEFAULT-VALUE}).")
  private int limit = 500;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--json", description = "One JSON object per line.")
  private boolean json;

  ModelsVerifyCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws CommandException, RepositoryException, InferenceException {
    if ((images == null) != (labels == null)) {
      throw new ParameterException(
          spec.commandLine(), "--images, --labels: expected both or neither");
    }
    if (limit < 1) {
      throw new ParameterException(spec.commandLine(), "--limit: " + limit + " (expected: >= 1)");
    }
    boolean damaged = false;
    for (String id : ids.isEmpty() ? all() : ids) {
      try {
        Model model = run(repository.locator().find(id).load());
        ObjectNode line = whole(id, model);
        if (images != null && labels != null) {
          new ModelVerdict(console, json, engineFor(model))
              .judge(id, model, LabelledImage.in(images, labels, model.labels()), limit, line);
        } else if (json) {
          console.out().println(line);
        }
      } catch (ModelException e) {
        damaged = true;
        damaged(id, String.valueOf(e.getMessage()));
      }
    }
    console.out().flush();
    return damaged ? 1 : 0;
  }

  /** Weights that are finite may still compute what is not. */
  private Model run(Model model) throws ModelException {
    try (NetworkRunner runner =
        Engines.start(engineFor(model), 1).load(model, Op.InputType.PIXELS, ComputeDevice.CPU)) {
      ModelCheck.numbers(model, runner);
    }
    return model;
  }

  /** Only one engine has integers. */
  private String engineFor(Model model) {
    return model.card().quantization() == null ? engine.name() : OnnxEngine.NAME;
  }

  private List<String> all() throws RepositoryException {
    List<String> all = new ArrayList<>(repository.repository().ids());
    ModelLocator.BUNDLED.stream().filter(id -> !all.contains(id)).forEach(all::add);
    return all;
  }

  private ObjectNode whole(String id, Model model) {
    int tensors = model.weights().tensors().size();
    String digest = model.card().weightsDigest();
    if (!json) {
      console.out().println("%s  whole: %d tensors, SHA-256 %s".formatted(id, tensors, digest));
    }
    return line(id, true).put("tensors", tensors).put("weightsDigest", digest);
  }

  private void damaged(String id, String reason) {
    if (json) {
      console.out().println(line(id, false).put("error", reason));
    } else {
      console.out().println(id + "  damaged: " + reason);
    }
  }

  private static ObjectNode line(String id, boolean whole) {
    return JSON.createObjectNode().put("id", id).put("whole", whole);
  }
}
