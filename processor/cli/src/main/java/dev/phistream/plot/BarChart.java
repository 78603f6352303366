package dev.phistream.plot;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.CategoryStyler;
import org.knowm.xchart.style.Styler;

/**
 * A chart of bars that stand on zero, in groups.
 *
 * @param title above the chart
 * @param yAxis what the heights are, with their unit
 * @param groups names of the groups, at least one
 * @param bars heights by the name of the series, one for each group; 0 for none
 */
public record BarChart(
    String title, String yAxis, List<String> groups, Map<String, List<Double>> bars) {
  private static final int WIDTH = 800;
  private static final int HEIGHT = 500;
  private static final Color GRID = new Color(0xdddddd);

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if a series has not one height for each group
   */
  public BarChart {
    groups = List.copyOf(groups);
    bars = Collections.unmodifiableMap(new LinkedHashMap<>(bars));
    for (Map.Entry<String, List<Double>> series : bars.entrySet()) {
      if (groups.isEmpty() || series.getValue().size() != groups.size()) {
        throw new IllegalArgumentException(
            "series %s: %d bars (expected: one for each of %d groups)"
                .formatted(series.getKey(), series.getValue().size(), groups.size()));
      }
    }
  }

  /**
   * Writes it, as PNG or SVG by the ending of the file's name.
   *
   * @throws IllegalArgumentException for another ending
   * @throws IOException when the file cannot be written, or the system has no fonts
   */
  public void write(Path file) throws IOException {
    ChartFile.write(this::drawing, file);
  }

  private CategoryChart drawing() {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .yAxisTitle(yAxis)
            .build();
    CategoryStyler style = chart.getStyler();
    style.setYAxisMin(0.0);
    style.setPlotGridLinesColor(GRID);
    style.setPlotGridVerticalLinesVisible(false);
    style.setLocale(Locale.ROOT);
    style.setPlotBorderVisible(false);
    style.setChartBackgroundColor(Color.WHITE);
    style.setLegendBorderColor(Color.WHITE);
    style.setLegendPosition(Styler.LegendPosition.OutsideE);
    bars.forEach((name, heights) -> chart.addSeries(name, groups, heights));
    return chart;
  }
}
