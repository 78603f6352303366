package dev.phistream.lab;

import dev.phistream.app.Console;
import dev.phistream.app.Main;

/** The {@code phistream} command with the laboratory's commands. */
public final class LaboratoryMain {
  private LaboratoryMain() {}

  /** Runs the command line and exits with its code: 0 done, 1 failed, 2 misuse. */
  public static void main(String[] args) {
    Main.useRootLocale();
    System.exit(LaboratoryCommands.commandLine(Console.ofProcess()).execute(args));
  }
}
