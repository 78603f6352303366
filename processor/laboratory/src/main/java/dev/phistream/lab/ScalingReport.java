package dev.phistream.lab;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.phistream.app.Columns;
import dev.phistream.drawing.Accuracy;
import dev.phistream.drawing.ScalingSearch;
import dev.phistream.drawing.ShortTraining;
import dev.phistream.plot.Chart;
import dev.phistream.plot.Series;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What {@code models scale} found; as JSON, these are the fields.
 *
 * @param architecture the block table
 * @param phi at which candidates are compared
 * @param training how long, or null when nothing was trained
 * @param base the unscaled network
 * @param candidates best first
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ScalingReport(
    String architecture,
    double phi,
    ShortTraining.@Nullable Options training,
    Row base,
    List<Row> candidates) {
  private static final double MILLION = 1e6;

  /**
   * A candidate.
   *
   * @param growth α·β²·γ²
   * @param ratio of its multiply-adds to the base's
   * @param accuracy share of the test images, or null when it was not trained
   * @param standardError of the accuracy, from the number of test images alone
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Row(
      double alpha,
      double beta,
      double gamma,
      double growth,
      double width,
      double depth,
      int resolution,
      long parameters,
      long flops,
      double ratio,
      @Nullable Double accuracy,
      @Nullable Double standardError) {
    static Row of(ScalingSearch.Candidate candidate, long baseFlops, @Nullable Accuracy accuracy) {
      Double share = accuracy == null ? null : accuracy.share();
      Double error =
          accuracy == null
              ? null
              : Math.sqrt(accuracy.share() * (1 - accuracy.share()) / accuracy.images());
      return new Row(
          candidate.bases().alpha(),
          candidate.bases().beta(),
          candidate.bases().gamma(),
          candidate.bases().growth(),
          candidate.scaling().width(),
          candidate.scaling().depth(),
          candidate.scaling().resolution(),
          candidate.network().parameters(),
          candidate.network().flops(),
          (double) candidate.network().flops() / baseFlops,
          share,
          error);
    }
  }

  /** Prints the table. */
  void print(PrintWriter out) {
    Columns table =
        new Columns(
            out,
            "α:5",
            "β:5",
            "γ:5",
            "α·β²·γ²:7",
            "width:6",
            "depth:6",
            "side:4",
            "parameters:10",
            "multiply-adds:13",
            "of base:7",
            "accuracy:20");
    candidates.forEach(row -> table.print(cells(row)));
    table.print(cells(base));
  }

  private static String[] cells(Row row) {
    Double accuracy = row.accuracy();
    Double error = row.standardError();
    return new String[] {
      text("%.2f", row.alpha()),
      text("%.2f", row.beta()),
      text("%.2f", row.gamma()),
      text("%.3f", row.growth()),
      text("%.3f", row.width()),
      text("%.3f", row.depth()),
      String.valueOf(row.resolution()),
      text("%,d", row.parameters()),
      text("%,d", row.flops()),
      text("%.2f", row.ratio()),
      accuracy == null || error == null
          ? "not trained"
          : text("%.1f ± %.1f %%", 100 * accuracy, 100 * error)
    };
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /** Accuracy over work, or without trainings work over what the bases promise. */
  Chart chart() {
    boolean trained = candidates.stream().anyMatch(row -> row.accuracy() != null);
    Map<Double, List<Row>> byDepth =
        candidates.stream()
            .filter(row -> !trained || row.accuracy() != null)
            .collect(Collectors.groupingBy(Row::alpha, TreeMap::new, Collectors.toList()));
    List<Series> series = new ArrayList<>();
    byDepth.forEach((alpha, rows) -> series.add(series(text("α = %.2f", alpha), rows, trained)));
    if (!trained) {
      return new Chart(
          "%s at φ = %s".formatted(architecture, phi),
          "α·β²·γ²",
          "multiply-adds, times the base's",
          false,
          series);
    }
    if (base.accuracy() != null) {
      series.add(series("base", List.of(base), true));
    }
    return new Chart(
        "%s at φ = %s".formatted(architecture, phi),
        "multiply-adds of a image, millions",
        "accuracy, % (bars: one standard error)",
        false,
        series);
  }

  private static Series series(String name, List<Row> rows, boolean trained) {
    return new Series(
        name,
        rows.stream().map(row -> trained ? row.flops() / MILLION : row.growth()).toList(),
        rows.stream().map(row -> trained ? percent(row.accuracy()) : row.ratio()).toList(),
        trained ? rows.stream().map(row -> percent(row.standardError())).toList() : null,
        Series.Style.SCATTER);
  }

  private static double percent(@Nullable Double share) {
    return share == null ? Double.NaN : 100 * share;
  }
}
