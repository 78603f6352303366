package dev.phistream.app;

import dev.phistream.model.Model;
import dev.phistream.model.ModelAlias;
import dev.phistream.model.ModelDirectory;
import dev.phistream.model.ModelException;
import dev.phistream.repository.Aliases;
import dev.phistream.repository.RepositoryException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Gives an alias back to the model that had it before. */
@Command(
    name = "rollback",
    mixinStandardHelpOptions = true,
    description =
        "Give an alias back to the model before; processors still have it loaded and follow at"
            + " once.")
final class ModelsRollbackCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private RepositoryOption repository = new RepositoryOption();

  @Parameters(paramLabel = "ALIAS", description = "The name that processors serve.")
  private String alias = "";

  @Option(
      names = "--allow-label-change",
      description = "Also to a model with other classes or another input size.")
  private boolean allowLabelChange;

  ModelsRollbackCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws CommandException, ModelException, RepositoryException {
    Aliases aliases = new Aliases(repository.repository(), InstantSource.system());
    Optional<ModelAlias> before = aliases.get(alias);
    if (before.isPresent() && before.get().previous() != null) {
      compare(before.get().model(), before.get().previous());
    }
    ModelAlias now = aliases.rollback(alias);
    console.out().println("%s → %s, before: %s".formatted(alias, now.model(), now.previous()));
    return 0;
  }

  /** A broken model is what one comes back from: it need not be readable, the other must be. */
  private void compare(String current, String previous) throws CommandException, ModelException {
    ModelDirectory back = repository.locator().find(previous);
    Model unused = back.load();
    ModelDirectory now;
    try {
      now = repository.locator().find(current);
      var unusedLabels = now.labels();
    } catch (ModelException e) {
      console.err().printf("note: %s is not compared: %s%n", current, e.getMessage());
      return;
    }
    new Successor(now, back).check(allowLabelChange);
  }
}
