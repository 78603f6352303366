package dev.phistream.app;

import dev.phistream.config.ConfigException;
import dev.phistream.config.Role;
import dev.phistream.config.Settings;
import dev.phistream.model.ModelException;
import dev.phistream.runtime.StreamProcessor;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows the topology. */
@Command(
    name = "topology",
    mixinStandardHelpOptions = true,
    description = "Show the Kafka Streams topology as text and as a Mermaid diagram.")
final class TopologyCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private ConfigOptions options = new ConfigOptions();

  @Mixin private RoleOptions role = new RoleOptions();

  TopologyCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws ConfigException, ModelException {
    Settings config = options.load(role.over(options.loader()));
    StreamProcessor.describe(config)
        .forEach(
            (application, topology) -> {
              if (config.role() != Role.ALL) {
                console.out().println("Application: " + application);
              }
              console.out().println(topology);
              console.out().println(Mermaid.flowchart(topology));
            });
    return 0;
  }
}
