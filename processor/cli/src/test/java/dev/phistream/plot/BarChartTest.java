package dev.phistream.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BarChartTest {
  /** Corners of a bar: left and top, right and top, right and bottom. */
  private static final Pattern BAR =
      Pattern.compile("M[0-9.]+,([0-9.]+) L[0-9.]+,\\1 L[0-9.]+,([0-9.]+) L[0-9.]+,\\2 Z");

  @TempDir private Path folder;

  @Test
  void bars_stand_on_zero() throws Exception {
    Path file = folder.resolve("bars.svg");

    new BarChart("Speed", "images/s", List.of("JPEG", "PNG"), Map.of("ours", List.of(200.0, 100.0)))
        .write(file);

    List<Double> heights =
        BAR.matcher(Files.readString(file))
            .results()
            .map(bar -> Double.parseDouble(bar.group(2)) - Double.parseDouble(bar.group(1)))
            .toList();
    assertThat(heights).hasSize(2);
    assertThat(heights.get(0) / heights.get(1)).isCloseTo(2, offset(0.01));
  }

  @Test
  void each_series_has_a_bar_for_each_group() {
    assertThatThrownBy(
            () -> new BarChart("", "", List.of("JPEG", "PNG"), Map.of("ours", List.of(1.0))))
        .hasMessage("series ours: 1 bars (expected: one for each of 2 groups)");
  }
}
