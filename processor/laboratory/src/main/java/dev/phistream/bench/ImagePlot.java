package dev.phistream.bench;

import dev.phistream.plot.BarChart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Each subject's images/s against this program's, a group of bars per kind of files. */
public final class ImagePlot {
  private ImagePlot() {}

  /**
   * Writes it.
   *
   * @param file ends in {@code .png} or {@code .svg}
   * @throws IllegalArgumentException for another ending
   */
  public static void write(ImageReport report, Path file) throws IOException {
    List<ImageKind> kinds =
        report.points().stream().map(ImageReport.Point::kind).distinct().toList();
    Map<String, List<Double>> bars = new LinkedHashMap<>();
    for (ImageSubject subject : ImageSubject.values()) {
      List<Double> values = new ArrayList<>();
      for (ImageKind kind : kinds) {
        values.add(rate(report, kind, subject) / rate(report, kind, ImageSubject.PHISTREAM));
      }
      if (values.stream().anyMatch(value -> value > 0)) {
        bars.put(subject.label(), values);
      }
    }
    new BarChart(
            "Images decoded, resized and cropped on one core of " + report.machine().processor(),
            "images/s (Phistream = 1)",
            kinds.stream().map(ImageKind::label).toList(),
            bars)
        .write(file);
  }

  private static double rate(ImageReport report, ImageKind kind, ImageSubject subject) {
    return report.points().stream()
        .filter(point -> point.kind() == kind && point.subject() == subject)
        .mapToDouble(point -> point.imagesPerSecond().median())
        .findFirst()
        .orElse(0);
  }
}
