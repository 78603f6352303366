package dev.phistream.bench;

import dev.phistream.plot.Chart;
import dev.phistream.plot.Series;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Memory over the batches of a soak. */
public final class SoakPlot {
  private static final double MIB = 1 << 20;

  /** Points that can be told apart. */
  private static final int POINTS = 40;

  private SoakPlot() {}

  /**
   * Writes it.
   *
   * @param file ends in {@code .png} or {@code .svg}
   * @throws IllegalArgumentException for another ending
   */
  public static void write(SoakReport report, Path file) throws IOException {
    write(
        "Memory of %s on %s %s".formatted(report.model(), report.engine(), report.engineVersion()),
        "batches",
        report.samples(),
        file);
  }

  /** Writes memory over what a sample counts. */
  static void write(String title, String counted, List<MemorySample> all, Path file)
      throws IOException {
    List<MemorySample> samples = thinned(all);
    List<Double> batches = samples.stream().map(sample -> (double) sample.batches()).toList();
    new Chart(
            title,
            counted,
            "MiB",
            false,
            List.of(
                Series.line("resident", batches, mib(samples, MemorySample::resident)),
                Series.line("native", batches, mib(samples, MemorySample::nativeBytes)),
                Series.line("Java heap in use", batches, mib(samples, MemorySample::heapUsed)),
                Series.line("direct buffers", batches, mib(samples, MemorySample::direct))))
        .write(file);
  }

  private static List<Double> mib(
      List<MemorySample> samples, ToDoubleFunction<MemorySample> bytes) {
    return samples.stream().map(sample -> bytes.applyAsDouble(sample) / MIB).toList();
  }

  private static List<MemorySample> thinned(List<MemorySample> samples) {
    int step = Math.max(1, samples.size() / POINTS);
    return IntStream.range(0, samples.size())
        .filter(i -> (i + 1) % step == 0)
        .mapToObj(samples::get)
        .toList();
  }
}
