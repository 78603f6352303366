package dev.phistream.app;

import dev.phistream.repository.RepositoryException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Deletes models from the repository. */
@Command(
    name = "remove",
    mixinStandardHelpOptions = true,
    description = "Delete models from the repository.")
final class ModelsRemoveCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private RepositoryOption repository = new RepositoryOption();

  @Parameters(paramLabel = "ID", arity = "1..*", description = "Models.")
  private List<String> ids = List.of();

  ModelsRemoveCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws RepositoryException {
    for (String id : ids) {
      repository.repository().remove(id);
      console.out().println("removed " + id);
    }
    return 0;
  }
}
