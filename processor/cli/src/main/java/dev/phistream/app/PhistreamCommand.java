package dev.phistream.app;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The root of the command line. Each subcommand is a class of its own. */
@Command(
    name = "phistream",
    description = "Streaming image classification: Kafka in, labels out.",
    mixinStandardHelpOptions = true,
    versionProvider = PhistreamCommand.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {"", "Exit codes: 0 done, 1 failed, 2 misuse."})
public final class PhistreamCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  private PhistreamCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "phistream: a command is missing");
  }

  /** Returns the command line of a release, writing to {@code console}. */
  static CommandLine commandLine(Console console) {
    return commandLine(console, SyntheticImages.absent());
  }

  /**
   * Returns the command line with parts of a laboratory, which adds commands of its own.
   *
   * @param drawn images for the commands that can do without a user's
   */
  public static CommandLine commandLine(Console console, SyntheticImages drawn) {
    DeadLettersCommand deadLetters = new DeadLettersCommand(console);
    return new CommandLine(new PhistreamCommand())
        .addSubcommand(new RunCommand(console))
        .addSubcommand(new SendCommand(console))
        .addSubcommand(new ResultsCommand(console))
        .addSubcommand(
            new CommandLine(deadLetters).addSubcommand(new RedriveCommand(console, deadLetters)))
        .addSubcommand(new ReplayCommand(console))
        .addSubcommand(new ClassifyCommand(console))
        .addSubcommand(new ConfigCommand(console))
        .addSubcommand(new TopologyCommand(console))
        .addSubcommand(new CalibrateCommand(console, drawn))
        .addSubcommand(new TrainCommand(console))
        .addSubcommand(
            new CommandLine(new ModelsCommand())
                .addSubcommand(new ModelsListCommand(console))
                .addSubcommand(new ModelsPullCommand(console))
                .addSubcommand(new ModelsImportCommand(console))
                .addSubcommand(new ModelsShowCommand(console))
                .addSubcommand(new ModelsExportCommand(console))
                .addSubcommand(new ModelsQuantizeCommand(console, drawn))
                .addSubcommand(new ModelsVerifyCommand(console))
                .addSubcommand(new ModelsSwitchCommand(console))
                .addSubcommand(new ModelsRollbackCommand(console))
                .addSubcommand(new ModelsAliasesCommand(console))
                .addSubcommand(new ModelsRemoveCommand(console)))
        .setOut(console.out())
        .setErr(console.err())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(new ErrorReport(console));
  }

  /** The version that the build wrote into the jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
      Properties build = new Properties();
      try (InputStream in = Version.class.getResourceAsStream("/phistream.properties")) {
        if (in != null) {
          build.load(in);
        }
      }
      return new String[] {"phistream " + build.getProperty("version", "(unknown version)")};
    }
  }
}
