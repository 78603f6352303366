package dev.phistream.app;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Models and the networks that they are of. */
@Command(
    name = "models",
    mixinStandardHelpOptions = true,
    description = "Manage models and show networks.",
    synopsisSubcommandLabel = "COMMAND")
final class ModelsCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "models: expected one of "
            + String.join(", ", spec.commandLine().getSubcommands().keySet()));
  }
}
