package dev.phistream.app;

import dev.phistream.failure.UserException;
import dev.phistream.text.EventText;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/**
 * Says why a command failed: its message for what a user can mend, a stack trace for what only we
 * can.
 */
final class ErrorReport implements IExecutionExceptionHandler {
  private final Console console;

  ErrorReport(Console console) {
    this.console = console;
  }

  @Override
  public int handleExecutionException(Exception error, CommandLine command, ParseResult parsed) {
    if (error instanceof UserException failure) {
      String.valueOf(failure.getMessage())
          .lines()
          .forEach(line -> console.err().println("phistream: " + EventText.printable(line)));
      return failure.exitCode();
    }
    console.err().println("phistream: " + command.getCommandName() + " failed unexpectedly");
    error.printStackTrace(console.err());
    return CommandLine.ExitCode.SOFTWARE;
  }
}
