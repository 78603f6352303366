package dev.phistream.lab;

import dev.phistream.app.Columns;
import dev.phistream.bench.ImageReport;
import dev.phistream.bench.Spread;
import java.io.PrintWriter;
import java.util.Locale;

/** An image report for people. */
final class ImagesTable {
  private static final double MICROS = 1e6;

  private final PrintWriter out;

  ImagesTable(PrintWriter out) {
    this.out = out;
  }

  void print(ImageReport report) {
    out.println(MachineLine.of(report.machine()));
    for (ImageReport.KindFacts kind : report.kinds()) {
      out.printf(
          Locale.ROOT,
          "files    %s: %d, %d kB on average%n",
          kind.kind().label(),
          kind.files(),
          kind.meanBytes() / 1000);
    }
    report
        .subjects()
        .forEach((subject, name) -> out.printf("subject  %s: %s%n", subject.label(), name));
    out.println();
    Columns columns =
        new Columns(
            out,
            "files:10",
            "subject:23",
            "images/s:8",
            "min–max:13",
            "us/image:8",
            "÷ Pillow:9",
            "min–max:13");
    for (ImageReport.Point point : report.points()) {
      Spread rate = point.imagesPerSecond();
      Spread ratio = point.timeToPillow();
      columns.print(
          point.kind().label(),
          point.subject().label(),
          number(rate.median()),
          number(rate.min()) + "–" + number(rate.max()),
          number(MICROS / rate.median()),
          ratio == null ? "" : String.format(Locale.ROOT, "%.2f", ratio.median()),
          ratio == null ? "" : String.format(Locale.ROOT, "%.2f–%.2f", ratio.min(), ratio.max()));
    }
    for (String left : report.notMeasured()) {
      out.println("not measured: " + left);
    }
  }

  /** Three digits that tell. */
  private static String number(double value) {
    int decimals = value >= 100 ? 0 : value >= 10 ? 1 : 2;
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }
}
