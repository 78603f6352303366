package dev.phistream.plot;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.ChartEncoder;
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

  /** Of coordinates: hundredths of a pixel are enough, and half the size. */
  private static final String SURPLUS_DIGITS = "(\\.\\d\\d)\\d+";

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
    Format format = Format.of(file);
    byte[] bytes = draw(format);
    if (format == Format.SVG) {
      bytes = new String(bytes, UTF_8).replaceAll(SURPLUS_DIGITS, "$1").getBytes(UTF_8);
    }
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Files.write(file, bytes);
  }

  private byte[] draw(Format format) throws IOException {
    try {
      return ChartEncoder.getBytes(drawing(), format.name().toLowerCase(Locale.ROOT));
    } catch (InternalError | NoClassDefFoundError e) { // the first time, and from then on
      throw new IOException(
          "the JVM finds no fonts to draw with; install fontconfig and a font, such as Debian's fonts-dejavu-core",
          e);
    }
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
