package dev.phistream.app;

import dev.phistream.model.ModelAlias;
import dev.phistream.model.ModelException;
import dev.phistream.repository.Aliases;
import dev.phistream.repository.RepositoryException;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

  ModelsRollbackCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws ModelException, RepositoryException {
    ModelAlias now = new Aliases(repository.repository(), InstantSource.system()).rollback(alias);
    console.out().println("%s → %s, before: %s".formatted(alias, now.model(), now.previous()));
    return 0;
  }
}
