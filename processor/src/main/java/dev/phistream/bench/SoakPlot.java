package dev.phistream.bench;

import dev.phistream.plot.Chart;
import dev.phistream.plot.Series;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Memory over the batches of a soak. */
public final class SoakPlot {
  private static final double MIB = 1 << 20;

  private SoakPlot() {}

  /**
   * Writes it.
   *
   * @param file ends in {@code .png} or {@code .svg}
   * @throws IllegalArgumentException for another ending
   */
  public static void write(SoakReport report, Path file) throws IOException {
    List<Double> batches =
        report.samples().stream().map(sample -> (double) sample.batches()).toList();
    new Chart(
            "Memory of %s on %s %s"
                .formatted(report.model(), report.engine(), report.engineVersion()),
            "batches",
            "MiB",
            false,
            List.of(
                Series.line("resident", batches, mib(report, MemorySample::resident)),
                Series.line("native", batches, mib(report, MemorySample::nativeBytes)),
                Series.line("Java heap in use", batches, mib(report, MemorySample::heapUsed)),
                Series.line("direct buffers", batches, mib(report, MemorySample::direct))))
        .write(file);
  }

  private static List<Double> mib(SoakReport report, ToDoubleFunction<MemorySample> bytes) {
    return report.samples().stream().map(sample -> bytes.applyAsDouble(sample) / MIB).toList();
  }
}
