package dev.phistream.app;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine;

/**
 * What a command line did.
 *
 * @param code exit code
 * @param out what it printed as results
 * @param err what else it printed
 */
public record CommandRun(int code, String out, String err) {
  /** Runs a release's command line. */
  public static CommandRun of(String... arguments) {
    return of(PhistreamCommand::commandLine, arguments);
  }

  /** Runs a command line that is made for a console. */
  public static CommandRun of(Function<Console, CommandLine> commandLine, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Console console = new Console(new PrintWriter(out), new PrintWriter(err), false);
    int code = commandLine.apply(console).execute(arguments);
    console.out().flush();
    console.err().flush();
    return new CommandRun(code, out.toString(), err.toString());
  }

  public List<String> lines() {
    return out.lines().toList();
  }
}
