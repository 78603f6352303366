package dev.phistream.lab;

import dev.phistream.app.Console;
import dev.phistream.app.PhistreamCommand;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine;

/** The whole command line: a release's commands and the laboratory's. */
final class LaboratoryCommands {
  private LaboratoryCommands() {}

  /** Returns the command line, writing to {@code console}. */
  static CommandLine commandLine(Console console) {
    CommandLine root = PhistreamCommand.commandLine(console, new DrawnImages());
    Map<String, CommandLine> subcommands = root.getSubcommands();
    Objects.requireNonNull(subcommands.get("models"))
        .addSubcommand(new ModelsScaleCommand(console));
    Objects.requireNonNull(subcommands.get("train"))
        .addSubcommand(new TrainSyntheticCommand(console));
    root.addSubcommand(new DemoCommand(console))
        .addSubcommand(new BrokerCommand(console))
        .addSubcommand(new PlanCommand(console))
        .addSubcommand(
            new CommandLine(new BenchCommand())
                .addSubcommand(new BenchEngineCommand(console))
                .addSubcommand(new BenchStreamCommand(console))
                .addSubcommand(new BenchImagesCommand(console))
                .addSubcommand(new BenchPlanCommand(console))
                .addSubcommand(new BenchSoakCommand(console)));
    // Settings reach only the commands that are there when they are made.
    return root.setOut(console.out())
        .setErr(console.err())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(root.getExecutionExceptionHandler());
  }
}
