package dev.phistream.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/**
 * What came of a command.
 *
 * @param code exit code
 * @param out what it printed
 * @param err what it complained of
 */
record CommandRun(int code, String out, String err) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Something that is given a console and runs on it. */
  @FunctionalInterface
  interface Work {
    int on(Console console);
  }

  /** Runs {@code phistream} with arguments, on no terminal. */
  static CommandRun phistream(Object... arguments) {
    String[] words = new String[arguments.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = arguments[i].toString();
    }
    return of(console -> PhistreamCommand.commandLine(console).execute(words));
  }

  /** Runs one command with the program's error handling. */
  static CommandRun command(Object command) {
    return of(
        console ->
            new CommandLine(command)
                .setExecutionExceptionHandler(new ErrorReport(console))
                .execute());
  }

  private static CommandRun of(Work work) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = work.on(new Console(new PrintWriter(out, true), new PrintWriter(err, true), false));
    return new CommandRun(code, out.toString(), err.toString());
  }

  /** The JSON objects that it printed, one a line. */
  List<JsonNode> json() throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : out.lines().toList()) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }
}
