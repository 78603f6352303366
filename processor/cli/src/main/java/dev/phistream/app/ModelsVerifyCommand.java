package dev.phistream.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.phistream.inference.ComputeDevice;
import dev.phistream.inference.Engines;
import dev.phistream.inference.NetworkRunner;
import dev.phistream.inference.OnnxEngine;
import dev.phistream.model.Model;
import dev.phistream.model.ModelException;
import dev.phistream.model.ModelLocator;
import dev.phistream.model.Op;
import dev.phistream.repository.RepositoryException;
import dev.phistream.runtime.ModelCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reads models whole and says which are damaged. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description =
        "Read models whole: card, labels, every tensor's name, shape and values, SHA-256; and run"
            + " them on images. 1 if one is damaged.")
final class ModelsVerifyCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Console console;

  @Mixin private RepositoryOption repository = new RepositoryOption();

  @Parameters(
      paramLabel = "ID|DIR",
      description = "Models (default: all in the repository and the bundled ones).")
  private List<String> ids = List.of();

  @Mixin private EngineOption engine = new EngineOption();

  @Option(names = "--json", description = "One JSON object per line.")
  private boolean json;

  ModelsVerifyCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws RepositoryException {
    boolean damaged = false;
    for (String id : ids.isEmpty() ? all() : ids) {
      try {
        whole(id, run(repository.locator().find(id).load()));
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
    // Only one engine has integers.
    String name = model.card().quantization() == null ? engine.name() : OnnxEngine.NAME;
    try (NetworkRunner runner =
        Engines.start(name, 1).load(model, Op.InputType.PIXELS, ComputeDevice.CPU)) {
      ModelCheck.numbers(model, runner);
    }
    return model;
  }

  private List<String> all() throws RepositoryException {
    List<String> all = new ArrayList<>(repository.repository().ids());
    ModelLocator.BUNDLED.stream().filter(id -> !all.contains(id)).forEach(all::add);
    return all;
  }

  private void whole(String id, Model model) {
    int tensors = model.weights().tensors().size();
    String digest = model.card().weightsDigest();
    if (json) {
      console.out().println(line(id, true).put("tensors", tensors).put("weightsDigest", digest));
    } else {
      console.out().println("%s  whole: %d tensors, SHA-256 %s".formatted(id, tensors, digest));
    }
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
