package dev.phistream.lab;

import dev.phistream.app.Columns;
import dev.phistream.bench.EngineFacts;
import dev.phistream.bench.EnginePoint;
import dev.phistream.bench.EngineReport;
import dev.phistream.bench.LatencyStats;
import dev.phistream.bench.ModelFacts;
import dev.phistream.bench.Spread;
import java.io.PrintWriter;
import java.util.Locale;

/** An engine report for people. */
final class EngineTable {
  private final PrintWriter out;

  EngineTable(PrintWriter out) {
    this.out = out;
  }

  void print(EngineReport report) {
    out.println(MachineLine.of(report.machine()));
    if (report.settings().oneCore()) {
      out.println("pinned   each process to one core, with one thread for the engine");
    }
    for (EngineFacts engine : report.engines()) {
      out.printf(
          Locale.ROOT,
          "engine   %s %s, %s: %d × %d threads%n",
          engine.engine(),
          engine.version(),
          engine.mode().label(),
          engine.workers(),
          engine.threadsPerRunner());
    }
    for (ModelFacts model : report.models()) {
      out.printf(
          Locale.ROOT,
          "model    %s, %d×%d, %.0f M multiply-adds, %.2f M parameters; weights: %s%n",
          model.id(),
          model.resolution(),
          model.resolution(),
          model.flops() / 1e6,
          model.parameters() / 1e6,
          model.weights());
    }
    out.println();
    points(report);
    ratios(report);
    for (EnginePoint point : report.notMeasured()) {
      out.println("not measured, refused or for lack of time: " + point);
    }
  }

  private void points(EngineReport report) {
    Columns columns =
        new Columns(
            out,
            "model:12",
            "engine:16",
            "device:6",
            "mode:10",
            "batch:5",
            "images/s:8",
            "min–max:13",
            "p50 ms:8",
            "p90:8",
            "p99:8",
            "max:8",
            "fill:4",
            "cores:5");
    for (EngineReport.Point measured : report.points()) {
      EnginePoint at = measured.point();
      LatencyStats latency = measured.latencyMillis();
      columns.print(
          at.model(),
          at.engine(),
          at.device(),
          at.mode().label(),
          String.valueOf(at.batch()),
          number(measured.imagesPerSecond().median()),
          range(measured.imagesPerSecond()),
          number(latency.p50()),
          number(latency.p90()),
          number(latency.p99()),
          number(latency.max()),
          String.format(Locale.ROOT, "%.2f", measured.fill()),
          String.format(Locale.ROOT, "%.2f", measured.coresUsed()));
    }
  }

  private void ratios(EngineReport report) {
    if (report.ratios().isEmpty()) {
      return;
    }
    out.println();
    Columns columns =
        new Columns(
            out,
            "images/s, ratio:36",
            "model:12",
            "device:6",
            "mode:10",
            "batch:5",
            "median:6",
            "min–max:13");
    for (EngineReport.Ratio ratio : report.ratios()) {
      EnginePoint at = ratio.point();
      columns.print(
          at.engine() + " ÷ " + ratio.to(),
          at.model(),
          at.device(),
          at.mode().label(),
          String.valueOf(at.batch()),
          String.format(Locale.ROOT, "%.2f", ratio.imagesPerSecond().median()),
          String.format(
              Locale.ROOT,
              "%.2f–%.2f",
              ratio.imagesPerSecond().min(),
              ratio.imagesPerSecond().max()));
    }
  }

  private static String range(Spread spread) {
    return number(spread.min()) + "–" + number(spread.max());
  }

  /** Three digits that tell. */
  private static String number(double value) {
    int decimals = value >= 100 ? 0 : value >= 10 ? 1 : 2;
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }
}
