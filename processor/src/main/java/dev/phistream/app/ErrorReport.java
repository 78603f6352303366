package dev.phistream.app;

import dev.phistream.bench.BenchException;
import dev.phistream.broker.BrokerException;
import dev.phistream.client.ClientException;
import dev.phistream.image.ImageException;
import dev.phistream.inference.DeviceException;
import dev.phistream.model.ModelException;
import dev.phistream.planning.PlanException;
import dev.phistream.replay.ReplayException;
import dev.phistream.repository.RepositoryException;
import dev.phistream.runtime.ClusterException;
import dev.phistream.runtime.ConfigException;
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
          BenchException.class,
          BrokerException.class,
          ClientException.class,
          CommandException.class,
          ConfigException.class,
          DeviceException.class,
          ClusterException.class,
          ModelException.class,
          ImageException.class,
          PlanException.class,
          ReplayException.class,
          RepositoryException.class,
          IllegalArgumentException.class);

  private final Console console;

  ErrorReport(Console console) {
    this.console = console;
  }

  @Override
  public int handleExecutionException(Exception error, CommandLine command, ParseResult parsed) {
    if (FOR_USERS.contains(error.getClass())) {
      console.err().println("phistream: " + error.getMessage());
    } else {
      console.err().println("phistream: " + command.getCommandName() + " failed unexpectedly");
      error.printStackTrace(console.err());
    }
    return error instanceof ConfigException
        ? CommandLine.ExitCode.USAGE
        : CommandLine.ExitCode.SOFTWARE;
  }
}
