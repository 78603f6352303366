package dev.phistream.lab;

import dev.phistream.bench.MachineFacts;
import java.util.Locale;

/** The machine that figures are of, as the first line of a report. */
final class MachineLine {
  private MachineLine() {}

  static String of(MachineFacts machine) {
    return String.format(
        Locale.ROOT,
        "machine  %s, %d cores, %.0f GiB; %s; %s",
        machine.processor(),
        machine.cores(),
        machine.memoryBytes() / (double) (1 << 30),
        machine.system(),
        machine.java());
  }
}
