package dev.phistream.app;

import dev.phistream.cascade.CascadeCurve;
import dev.phistream.cascade.CascadePoint;
import dev.phistream.plot.Chart;
import dev.phistream.plot.Series;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The accuracy and compute of a cascade, as a table and as a plot. */
record CascadeTable(CascadeCurve curve) {
  private static final List<Double> THRESHOLDS =
      List.of(0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99, 0.999);

  /** Points that can be told apart. */
  private static final int POINTS = 60;

  void print(PrintWriter out, double chosen) {
    Columns columns =
        new Columns(
            out,
            "threshold:9",
            "large answers:13",
            "accuracy:8",
            "less than large:24",
            "compute:8",
            " :8");
    List<Double> thresholds = new ArrayList<>(THRESHOLDS);
    if (!Double.isNaN(chosen) && !thresholds.contains(chosen)) {
      thresholds.add(chosen);
    }
    thresholds.stream()
        .sorted()
        .forEach(
            threshold -> {
              CascadePoint point = curve.at(threshold);
              columns.print(
                  text("%.4f", threshold),
                  percent(point.escalated()),
                  percent(point.accuracy()),
                  interval(point),
                  percent(point.compute()),
                  threshold == chosen ? "chosen" : "");
            });
  }

  /** Writes it as PNG or SVG. */
  void plot(String title, double chosen, Path file) throws IOException {
    List<CascadePoint> all = curve.points();
    int step = Math.max(1, all.size() / POINTS);
    List<CascadePoint> points = new ArrayList<>();
    for (int i = 0; i < all.size(); i += step) {
      points.add(all.get(i));
    }
    points.add(all.get(all.size() - 1));
    CascadePoint point = curve.at(chosen);
    new Chart(
            title,
            "compute, % of the large model alone",
            "accuracy, %",
            false,
            List.of(
                Series.line(
                    "cascade",
                    list(points, CascadePoint::compute),
                    list(points, CascadePoint::accuracy)),
                Series.scatter(
                    "chosen", List.of(100 * point.compute()), List.of(100 * point.accuracy())),
                Series.scatter(
                    "large alone", List.of(100.0), List.of(100 * curve.largeRight().share()))))
        .write(file);
  }

  private static List<Double> list(
      List<CascadePoint> points, ToDoubleFunction<CascadePoint> value) {
    return points.stream().map(point -> 100 * value.applyAsDouble(point)).toList();
  }

  /** Points of accuracy below the large model's, and between what they may lie. */
  static String interval(CascadePoint point) {
    return text(
        "%.2f (%.2f to %.2f)",
        100 * point.deficit(), 100 * point.deficitLow(), 100 * point.deficitHigh());
  }

  static String percent(double share) {
    return text("%.1f %%", 100 * share);
  }

  static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
