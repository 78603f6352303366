package dev.phistream.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.phistream.model.ModelAlias;
import dev.phistream.model.ModelException;
import dev.phistream.repository.Aliases;
import dev.phistream.repository.RepositoryException;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the aliases stand for. */
@Command(
    name = "aliases",
    mixinStandardHelpOptions = true,
    description = "List the aliases in the repository and the models that they stand for.")
final class ModelsAliasesCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Console console;

  @Mixin private RepositoryOption repository = new RepositoryOption();

  @Option(names = "--json", description = "One JSON object per line.")
  private boolean json;

  ModelsAliasesCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws RepositoryException, ModelException {
    Aliases aliases = new Aliases(repository.repository(), InstantSource.system());
    Columns table =
        json ? null : new Columns(console.out(), "alias:20", "model:32", "before:32", "changed:0");
    for (String name : aliases.names()) {
      ModelAlias alias = aliases.get(name).orElseThrow();
      if (table == null) {
        console
            .out()
            .println(
                JSON.createObjectNode()
                    .put("alias", name)
                    .put("model", alias.model())
                    .put("previous", alias.previous())
                    .put("changed", alias.changed()));
      } else {
        table.print(
            name,
            alias.model(),
            alias.previous() == null ? "-" : alias.previous(),
            alias.changed());
      }
    }
    return 0;
  }
}
