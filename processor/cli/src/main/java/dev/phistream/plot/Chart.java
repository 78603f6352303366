package dev.phistream.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;

/**
 * A chart with one pair of axes.
 *
 * @param title above the chart
 * @param xAxis what x is, with its unit
 * @param yAxis what y is, with its unit
 * @param logarithmicX whether x counts in powers of ten; its values are then all positive
 * @param series at least one, with different names
 */
public record Chart(
    String title, String xAxis, String yAxis, boolean logarithmicX, List<Series> series) {
  private static final int WIDTH = 800;
  private static final int HEIGHT = 500;
  private static final int MARKER = 7;

  private static final Color GRID = new Color(0xdddddd);

  /** Copies the list. */
  public Chart {
    series = List.copyOf(series);
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

  private XYChart drawing() {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(xAxis)
            .yAxisTitle(yAxis)
            .build();
    XYStyler style = chart.getStyler();
    style.setXAxisLogarithmic(logarithmicX);
    style.setPlotGridLinesColor(GRID);
    // Solid: as SVG each dash becomes a shape of its own.
    style.setPlotGridLinesStroke(new BasicStroke(1));
    style.setMarkerSize(MARKER);
    style.setLocale(Locale.ROOT);
    style.setPlotBorderVisible(false);
    style.setChartBackgroundColor(Color.WHITE);
    style.setLegendBorderColor(Color.WHITE);
    style.setLegendPosition(Styler.LegendPosition.OutsideE);
    for (Series each : series) {
      XYSeries drawn = chart.addSeries(each.name(), each.x(), each.y(), each.errors());
      drawn.setXYSeriesRenderStyle(
          each.style() == Series.Style.LINE
              ? XYSeries.XYSeriesRenderStyle.Line
              : XYSeries.XYSeriesRenderStyle.Scatter);
    }
    return chart;
  }

  /** What charts can be written as. */
  public enum Format {
    /** Pixels. */
    PNG,
    /** Vectors. */
    SVG;

    /**
     * The one of a file's name.
     *
     * @throws IllegalArgumentException when it ends otherwise
     */
    public static Format of(Path file) {
      String name = file.toString().toLowerCase(Locale.ROOT);
      if (name.endsWith(".png")) {
        return PNG;
      }
      if (name.endsWith(".svg")) {
        return SVG;
      }
      throw new IllegalArgumentException(file + ": no known kind of plot (expected: .png or .svg)");
    }
  }
}
