package dev.phistream.plot;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Supplier;
import org.knowm.xchart.ChartEncoder;

/** Writes charts as files. */
final class ChartFile {
  /** Of coordinates: hundredths of a pixel are enough, and half the size. */
  private static final String SURPLUS_DIGITS = "(\\.\\d\\d)\\d+";

  private ChartFile() {}

  /**
   * Writes a chart, as PNG or SVG by the ending of the file's name.
   *
   * @param drawing makes the chart; it looks for the system's fonts
   * @throws IllegalArgumentException for another ending
   * @throws IOException when the file cannot be written, or the system has no fonts
   */
  static void write(
      Supplier<? extends org.knowm.xchart.internal.chartpart.Chart<?, ?>> drawing, Path file)
      throws IOException {
    Chart.Format format = Chart.Format.of(file);
    byte[] bytes = draw(drawing, format);
    if (format == Chart.Format.SVG) {
      bytes = new String(bytes, UTF_8).replaceAll(SURPLUS_DIGITS, "$1").getBytes(UTF_8);
    }
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Files.write(file, bytes);
  }

  private static byte[] draw(
      Supplier<? extends org.knowm.xchart.internal.chartpart.Chart<?, ?>> drawing,
      Chart.Format format)
      throws IOException {
    try {
      return ChartEncoder.getBytes(drawing.get(), format.name().toLowerCase(Locale.ROOT));
    } catch (InternalError | NoClassDefFoundError e) { // the first time, and from then on
      throw new IOException(
          "the JVM finds no fonts to draw with; install fontconfig and a font, such as Debian's"
              + " fonts-dejavu-core",
          e);
    }
  }
}
