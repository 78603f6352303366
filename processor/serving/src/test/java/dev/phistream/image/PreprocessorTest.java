package dev.phistream.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreprocessorTest {
  private static final int SIZE = 8;

  @Property(tries = 100)
  void a_image_of_one_colour_keeps_it_at_any_size(
      @ForAll @IntRange(min = 1, max = 90) int width,
      @ForAll @IntRange(min = 1, max = 90) int height,
      @ForAll @IntRange(min = 1, max = 64) int size,
      @ForAll byte red,
      @ForAll byte green,
      @ForAll byte blue) {
    byte[] pixels = new byte[3 * width * height];
    for (int i = 0; i < pixels.length; i += 3) {
      pixels[i] = red;
      pixels[i + 1] = green;
      pixels[i + 2] = blue;
    }

    byte[] input =
        new Preprocessor(Preprocessing.imagenet(size, 0.875))
            .apply(new RgbImage(width, height, pixels));

    byte[] expected = new byte[3 * size * size];
    Arrays.fill(expected, 0, size * size, red);
    Arrays.fill(expected, size * size, 2 * size * size, green);
    Arrays.fill(expected, 2 * size * size, 3 * size * size, blue);
    assertThat(input).isEqualTo(expected);
  }

  @Test
  void a_image_of_the_networks_size_keeps_its_pixels() {
    byte[] pixels = new byte[3 * SIZE * SIZE];
    new Random(1).nextBytes(pixels);

    byte[] input = preprocess(new RgbImage(SIZE, SIZE, pixels));

    for (int pixel = 0; pixel < SIZE * SIZE; pixel++) {
      for (int c = 0; c < 3; c++) {
        assertThat(input[c * SIZE * SIZE + pixel]).isEqualTo(pixels[3 * pixel + c]);
      }
    }
  }

  /** Python's {@code int(round((length - size) / 2.0))}, which rounds halves to even. */
  @ParameterizedTest
  @CsvSource({"0, 0", "1, 0", "2, 1", "3, 2", "4, 2", "5, 2", "6, 3", "7, 4"})
  void the_crop_lies_where_torchvision_puts_it(int surplus, int start) {
    int length = SIZE + surplus;
    byte[] columns = new byte[3 * length * SIZE];
    byte[] rows = new byte[3 * length * SIZE];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = (byte) (i / 3 % length);
      rows[i] = (byte) (i / 3 / SIZE);
    }

    assertThat(preprocess(new RgbImage(length, SIZE, columns))[0]).isEqualTo((byte) start);
    assertThat(preprocess(new RgbImage(SIZE, length, rows))[0]).isEqualTo((byte) start);
  }

  /** The sizes that timm computes for its tf_efficientnet weights. */
  @ParameterizedTest
  @CsvSource({
    "224, .875, 256",
    "240, .882, 272",
    "260, .890, 292",
    "300, .904, 331",
    "380, .922, 412",
    "456, .934, 488",
    "528, .942, 560",
    "600, .949, 632",
  })
  void the_short_edge_is_resized_to_the_floor_of_size_by_crop(int size, double crop, int resized) {
    assertThat(Preprocessing.imagenet(size, crop).resizedShortEdge()).isEqualTo(resized);
  }

  @Test
  void the_thinnest_image_within_the_limits_is_resized() {
    int longest = DecodeLimits.DEFAULT.maxDimension();

    byte[] input = preprocess(new RgbImage(longest, 1, new byte[3 * longest]));

    assertThat(input).hasSize(3 * SIZE * SIZE).containsOnly(0);
  }

  @Test
  void settings_out_of_range_are_refused_by_name() {
    assertThatThrownBy(() -> Preprocessing.imagenet(0, 1))
        .hasMessage("size: 0 (expected: 1 to 1024)");
    assertThatThrownBy(() -> Preprocessing.imagenet(1, 1.01))
        .hasMessage("cropFraction: 1.01 (expected: 0.1 to 1)");
    assertThatThrownBy(() -> new Preprocessing(1, 1, List.of(0f, 0f, 0f), List.of(1f, 0f, 1f)))
        .hasMessage("std: [1.0, 0.0, 1.0] (expected: 1.0E-4 to 10000.0)");
  }

  private static byte[] preprocess(RgbImage image) {
    return new Preprocessor(Preprocessing.imagenet(SIZE, 1)).apply(image);
  }
}
