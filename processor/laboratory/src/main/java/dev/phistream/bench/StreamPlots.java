package dev.phistream.bench;

import java.io.IOException;
import java.nio.file.Path;

/** What a stream report can show as images. */
public final class StreamPlots {
  private static final String MEMORY = "stream-memory.svg";

  private StreamPlots() {}

  /** Writes those that there is something for. */
  public static void write(StreamReport report, Path directory) throws IOException {
    for (ScenarioReport scenario : report.scenarios()) {
      if (!scenario.memory().isEmpty()) {
        SoakPlot.write(
            "Memory of the processor", "events", scenario.memory(), directory.resolve(MEMORY));
      }
    }
  }
}
