package dev.phistream.app;

/** The {@code phistream} command. */
public final class Main {
  private Main() {}

  /** Runs the command line and exits with its code: 0 done, 1 failed, 2 misuse. */
  public static void main(String[] args) {
    System.exit(PhistreamCommand.commandLine(Console.ofProcess()).execute(args));
  }
}
