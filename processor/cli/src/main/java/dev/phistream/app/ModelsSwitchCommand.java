package dev.phistream.app;

import dev.phistream.inference.ComputeDevice;
import dev.phistream.inference.Engines;
import dev.phistream.inference.InferenceEngine;
import dev.phistream.inference.NetworkRunner;
import dev.phistream.model.Model;
import dev.phistream.model.ModelAlias;
import dev.phistream.model.ModelDirectory;
import dev.phistream.model.ModelException;
import dev.phistream.model.ModelProbes;
import dev.phistream.model.Op;
import dev.phistream.repository.Aliases;
import dev.phistream.repository.ModelRepository;
import dev.phistream.repository.RepositoryException;
import dev.phistream.runtime.ModelCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Gives an alias to a model that has been tried out. */
@Command(
    name = "switch",
    mixinStandardHelpOptions = true,
    description = {
      "Try a model on probe images and give it an alias; processors that serve the alias follow.",
      "What the model says of the probes is kept with it: processors expect the same."
    })
final class ModelsSwitchCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private RepositoryOption repository = new RepositoryOption();

  @Parameters(index = "0", paramLabel = "ALIAS", description = "The name that processors serve.")
  private String alias = "";

  @Parameters(
      index = "1",
      paramLabel = "ID|DIR",
      description = "The model that it shall stand for.")
  private String id = "";

  @Mixin private EngineOption engine = new EngineOption();

  @Option(
      names = "--allow-label-change",
      description =
          "Also a model with other classes or another input size; processors take it with"
              + " model-switch.allow-label-change=true.")
  private boolean allowLabelChange;

  ModelsSwitchCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws CommandException, ModelException, RepositoryException {
    ModelRepository models = repository.repository();
    Aliases aliases = new Aliases(models, InstantSource.system());
    String name = ModelRepository.checkId(alias);
    if (repository.locator().alias(id).isPresent()) {
      throw new CommandException(
          "model %s: an alias itself (expected: a model's id or directory)".formatted(id));
    }
    String target = target();
    Optional<ModelAlias> before = aliases.get(name);
    if (before.isPresent()) {
      String current = before.get().model();
      if (repository.samePlace(current, target)) {
        var unused = tried(target); // its files may be others than at the last switch
        console.out().println("%s → %s already; nothing is changed".formatted(name, current));
        return 0;
      }
      compare(name, current, target);
    }
    Model model = tried(target);
    ModelAlias now = aliases.set(name, target);
    console
        .out()
        .println(
            "%s → %s, SHA-256 %s%s"
                .formatted(
                    name,
                    now.model(),
                    model.card().weightsDigest(),
                    now.previous() == null ? "" : ", before: " + now.previous()));
    return 0;
  }

  private String target() {
    boolean place = id.contains("/") || Files.isDirectory(Path.of(id));
    return place ? Path.of(id).toAbsolutePath().normalize().toString() : id;
  }

  /** With a model that cannot be read any more nothing can be compared, and it serves nobody. */
  private void compare(String name, String current, String target)
      throws CommandException, ModelException {
    ModelDirectory next = repository.locator().find(target);
    ModelDirectory now;
    try {
      now = repository.locator().find(current);
      var unused = now.labels();
    } catch (ModelException e) {
      console
          .err()
          .printf(
              "note: %s stands for %s, which is not compared: %s%n", name, current, e.getMessage());
      return;
    }
    new Successor(now, next).check(allowLabelChange);
  }

  private Model tried(String target) throws CommandException, ModelException {
    ModelDirectory directory = repository.locator().find(target);
    Model model = directory.load();
    Optional<ModelProbes> probes = directory.probes();
    InferenceEngine started = Engines.start(engine.name(), 1);
    try (NetworkRunner runner = started.load(model, Op.InputType.PIXELS, ComputeDevice.CPU)) {
      if (probes.isPresent()) {
        ModelCheck.run(model, runner, probes.get());
      } else {
        keep(target, ModelCheck.record(model, runner, engine.name()));
      }
    }
    return model;
  }

  /** Bundled models have no directory to keep probes in. */
  private void keep(String target, ModelProbes probes) throws CommandException {
    ModelRepository models = repository.repository();
    Path directory = target.contains("/") ? Path.of(target) : models.path(target);
    if (!Files.isDirectory(directory)) {
      return;
    }
    try {
      ModelDirectory.writeProbes(directory, probes);
    } catch (IOException e) {
      throw new CommandException(
          "%s: probes cannot be kept there: %s (expected: a writable directory)"
              .formatted(directory, e),
          e);
    }
  }
}
