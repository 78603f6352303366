package dev.phistream.app;

import java.util.Locale;

/** The {@code phistream} command. */
public final class Main {
  private Main() {}

  /** Runs the command line and exits with its code: 0 done, 1 failed, 2 misuse. */
  public static void main(String[] args) {
    useRootLocale();
    System.exit(PhistreamCommand.commandLine(Console.ofProcess()).execute(args));
  }

  /**
   * Makes texts the same everywhere: the program speaks English, and libraries such as Kafka's
   * broker change the case of names by the default locale, where a Turkish I has a dot.
   */
  public static void useRootLocale() {
    Locale.setDefault(Locale.ROOT);
  }
}
