package dev.phistream.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The machine that figures are taken on. */
final class Machine {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  private Machine() {}

  /** The processor's name and the number of cores. */
  static String describe() {
    return processor() + ", " + Runtime.getRuntime().availableProcessors() + " cores";
  }

  static String processor() {
    try (Stream<String> lines = Files.lines(CPU_INFO)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElseGet(Machine::architecture);
    } catch (IOException e) { // no such file elsewhere than on Linux
      return architecture();
    }
  }

  private static String architecture() {
    return System.getProperty("os.arch");
  }
}
