package dev.phistream.app;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/**
 * What a command line did.
 *
 * @param code exit code
 * @param out what it printed as results
 * @param err what else it printed
 */
record CommandRun(int code, String out, String err) {
  static CommandRun of(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Console console = new Console(new PrintWriter(out), new PrintWriter(err), false);
    int code = PhistreamCommand.commandLine(console).execute(arguments);
    console.out().flush();
    console.err().flush();
    return new CommandRun(code, out.toString(), err.toString());
  }

  List<String> lines() {
    return out.lines().toList();
  }
}
