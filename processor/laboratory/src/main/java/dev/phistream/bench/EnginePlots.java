package dev.phistream.bench;

import dev.phistream.plot.Chart;
import dev.phistream.plot.Series;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Charts of an engine report, a line per model and engine over the batch size. */
public final class EnginePlots {
  private EnginePlots() {}

  /**
   * Writes a chart for each mode that was measured: the first as {@code file}, a second beside it
   * with {@code -latency} in its name.
   *
   * @param file ends in {@code .png} or {@code .svg}
   * @return what was written
   * @throws IllegalArgumentException for another ending
   */
  public static List<Path> write(EngineReport report, Path file) throws IOException {
    List<Path> written = new ArrayList<>();
    for (Mode mode : Mode.values()) {
      Map<String, List<EngineReport.Point>> lines = lines(report, mode);
      if (!lines.isEmpty()) {
        Path target = written.isEmpty() ? file : latencyFile(file);
        chart(report, mode, lines).write(target);
        written.add(target);
      }
    }
    return written;
  }

  private static Chart chart(
      EngineReport report, Mode mode, Map<String, List<EngineReport.Point>> lines) {
    MachineFacts machine = report.machine();
    String where =
        report.settings().oneCore()
            ? "one core of %s".formatted(machine.processor())
            : "%s, %d cores".formatted(machine.processor(), machine.cores());
    return mode == Mode.THROUGHPUT
        ? new Chart(
            "Throughput on " + where,
            "batch size (images)",
            "images/s (median ± half the range of the rounds)",
            false,
            series(lines, point -> point.imagesPerSecond().median(), true))
        : new Chart(
            "Latency on " + where,
            "batch size (images)",
            "ms per batch, one at a time (p50)",
            false,
            series(lines, point -> point.latencyMillis().p50(), false));
  }

  private static Map<String, List<EngineReport.Point>> lines(EngineReport report, Mode mode) {
    boolean severalDevices =
        report.points().stream().map(point -> point.point().device()).distinct().count() > 1;
    Map<String, List<EngineReport.Point>> lines = new LinkedHashMap<>();
    for (EngineReport.Point measured : report.points()) {
      EnginePoint at = measured.point();
      if (at.mode() == mode) {
        String name = at.model() + " " + at.engine() + (severalDevices ? " " + at.device() : "");
        lines.computeIfAbsent(name, key -> new ArrayList<>()).add(measured);
      }
    }
    return lines;
  }

  private static List<Series> series(
      Map<String, List<EngineReport.Point>> lines,
      ToDoubleFunction<EngineReport.Point> figure,
      boolean bars) {
    List<Series> series = new ArrayList<>();
    lines.forEach(
        (name, points) ->
            series.add(
                new Series(
                    name,
                    points.stream().map(point -> (double) point.point().batch()).toList(),
                    points.stream().map(figure::applyAsDouble).toList(),
                    bars ? points.stream().map(EnginePlots::halfSpread).toList() : null,
                    Series.Style.LINE)));
    return series;
  }

  private static double halfSpread(EngineReport.Point point) {
    return (point.imagesPerSecond().max() - point.imagesPerSecond().min()) / 2;
  }

  private static Path latencyFile(Path file) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return file.resolveSibling(name.substring(0, dot) + "-latency" + name.substring(dot));
  }
}
