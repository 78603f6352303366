package dev.phistream.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChartTest {
  @TempDir private Path folder;

  @Test
  void a_png_shows_the_points() throws Exception {
    chart(Series.scatter("few", List.of(1.0, 2.0), List.of(3.0, 4.0))).write(path("few.png"));
    chart(Series.line("more", List.of(1.0, 2.0), List.of(3.0, 4.0))).write(path("more.png"));

    BufferedImage few = ImageIO.read(path("few.png").toFile());
    assertThat(few.getWidth()).isEqualTo(800);
    assertThat(Files.readAllBytes(path("few.png"))).isNotEqualTo(read("more.png"));
  }

  @Test
  void an_svg_draws_each_point_and_the_legend() throws Exception {
    chart(Series.scatter("measured", List.of(1.0, 2.0, 3.0), List.of(3.0, 4.0, 3.0)))
        .write(path("below/chart.svg"));

    assertThat(Files.readString(path("below/chart.svg")))
        .contains("<svg")
        .satisfies(svg -> assertThat(svg.split("<ellipse", -1)).hasSize(1 + 3 + 1));
  }

  @Test
  void another_ending_is_refused() {
    Chart chart = chart(Series.line("a", List.of(1.0), List.of(1.0)));

    assertThatThrownBy(() -> chart.write(path("chart.jpg")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("chart.jpg: no known kind of plot (expected: .png or .svg)");
  }

  @Test
  void a_series_has_as_many_x_as_y() {
    assertThatThrownBy(() -> Series.line("a", List.of(1.0, 2.0), List.of(1.0)))
        .hasMessage("series a: 2 x, 1 y, no error bars (expected: as many of each, at least one)");
  }

  private static Chart chart(Series... series) {
    return new Chart("Work", "FLOPs", "accuracy, %", false, List.of(series));
  }

  private Path path(String name) {
    return folder.resolve(name);
  }

  private byte[] read(String name) throws Exception {
    return Files.readAllBytes(path(name));
  }
}
