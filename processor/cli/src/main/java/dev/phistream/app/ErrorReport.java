package dev.phistream.app;

import dev.phistream.client.ClientException;
import dev.phistream.image.ImageException;
import dev.phistream.inference.DeviceException;
import dev.phistream.model.ModelException;
import dev.phistream.replay.ReplayException;
import dev.phistream.repository.RepositoryException;
import dev.phistream.runtime.ClusterException;
import dev.phistream.runtime.ConfigException;
import dev.phistream.text.EventText;
import dev.phistream.training.TrainingException;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/**
 * Says why a command failed: one line for what a user can mend, a stack trace for what only we can.
 */
final class ErrorReport implements IExecutionExceptionHandler {
  private static final Set<Class<?>> FOR_USERS =
      Set.of(
          ClientException.class,
          CommandException.class,
          ConfigException.class,
          DeviceException.class,
          ClusterException.class,
          ModelException.class,
          ImageException.class,
          ReplayException.class,
          RepositoryException.class,
          TrainingException.class,
          IllegalArgumentException.class);

  private final Console console;
  private final Set<Class<?>> more;

  ErrorReport(Console console, Set<Class<?>> more) {
    this.console = console;
    this.more = more;
  }

  @Override
  public int handleExecutionException(Exception error, CommandLine command, ParseResult parsed) {
    if (FOR_USERS.contains(error.getClass()) || more.contains(error.getClass())) {
      console
          .err()
          .println("phistream: " + EventText.printable(String.valueOf(error.getMessage())));
    } else {
      console.err().println("phistream: " + command.getCommandName() + " failed unexpectedly");
      error.printStackTrace(console.err());
    }
    return error instanceof ConfigException
        ? CommandLine.ExitCode.USAGE
        : CommandLine.ExitCode.SOFTWARE;
  }
}
