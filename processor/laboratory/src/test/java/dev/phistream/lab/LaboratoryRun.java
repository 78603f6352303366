package dev.phistream.lab;

import dev.phistream.app.CommandRun;

/** Runs the laboratory's command line. */
final class LaboratoryRun {
  private LaboratoryRun() {}

  static CommandRun of(String... arguments) {
    return CommandRun.of(LaboratoryCommands::commandLine, arguments);
  }
}
