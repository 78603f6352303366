package dev.phistream.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.testkit.SharedData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The blocks and vectors of the resize compute what its definition says, sample by sample. */
class FilterResizeTest {
  @Property(tries = 300)
  void any_window_of_any_size_is_what_the_definition_says(
      @ForAll @IntRange(min = 1, max = 150) int width,
      @ForAll @IntRange(min = 1, max = 150) int height,
      @ForAll @IntRange(min = 1, max = 200) int resizedWidth,
      @ForAll @IntRange(min = 1, max = 200) int resizedHeight,
      @ForAll Random random) {
    int cropWidth = 1 + random.nextInt(resizedWidth);
    int cropHeight = 1 + random.nextInt(resizedHeight);
    FilterAxis horizontal =
        FilterAxis.of(
            Interpolation.BICUBIC,
            width,
            resizedWidth,
            random.nextInt(resizedWidth - cropWidth + 1),
            cropWidth);
    FilterAxis vertical =
        FilterAxis.of(
            Interpolation.BICUBIC,
            height,
            resizedHeight,
            random.nextInt(resizedHeight - cropHeight + 1),
            cropHeight);

    assertAsDefined(noise(width, height), horizontal, vertical);
  }

  /** Sizes around those of the blocks, and windows wider than one. */
  @ParameterizedTest
  @CsvSource({
    "511, 63, 64",
    "512, 64, 64",
    "513, 65, 64",
    "1025, 129, 100",
    "2000, 1, 8",
    "1, 2000, 8",
    "4000, 3000, 224",
    "5000, 40, 2"
  })
  void images_larger_than_a_block_are_what_the_definition_says(int width, int height, int size) {
    assertAsDefined(
        noise(width, height),
        FilterAxis.of(Interpolation.BICUBIC, width, size, 0, size),
        FilterAxis.of(Interpolation.BICUBIC, height, size, 0, size));
  }

  @ParameterizedTest
  @CsvSource({"224", "128", "380", "600"})
  void photographs_are_what_the_definition_says(int size) throws Exception {
    ImageDecoder decoder = new ImageDecoder(DecodeLimits.DEFAULT);
    try (Stream<Path> files = Files.walk(SharedData.at("photos"))) {
      for (Path file : (Iterable<Path>) files.sorted()::iterator) {
        if (file.toString().endsWith(".JPEG") || file.toString().endsWith(".jpg")) {
          RgbImage image = decoder.decode(Files.readAllBytes(file));
          assertAsDefined(
              image,
              FilterAxis.of(Interpolation.BICUBIC, image.width(), size, 0, size),
              FilterAxis.of(Interpolation.BICUBIC, image.height(), size, 0, size));
        }
      }
    }
  }

  @Test
  void black_and_white_stripes_overshoot_to_black_and_white() {
    byte[] pixels = new byte[3 * 64 * 64];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) ((i / 3) % 64 / 8 % 2 == 0 ? 0 : 255);
    }

    assertAsDefined(
        new RgbImage(64, 64, pixels),
        FilterAxis.of(Interpolation.BICUBIC, 64, 150, 0, 150),
        FilterAxis.of(Interpolation.BICUBIC, 64, 150, 0, 150));
  }

  private static void assertAsDefined(RgbImage image, FilterAxis horizontal, FilterAxis vertical) {
    assertThat(new FilterResize(horizontal, vertical).apply(image))
        .isEqualTo(defined(image, horizontal, vertical));
  }

  /** Pillow's definition: each row, rounded to 8 bits, then each column. */
  private static byte[] defined(RgbImage image, FilterAxis horizontal, FilterAxis vertical) {
    int width = horizontal.length();
    int height = vertical.length();
    byte[] planes = new byte[3 * width * height];
    int[][] rows = new int[image.height()][];
    for (int y = vertical.from(); y < vertical.to(); y++) {
      rows[y] = new int[3 * width];
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < 3; c++) {
          int sum = 1 << (FilterAxis.PRECISION_BITS - 1);
          for (int i = 0; i < horizontal.weights()[x].length; i++) {
            int at = 3 * (y * image.width() + horizontal.first()[x] + i) + c;
            sum += (image.pixels()[at] & 0xff) * horizontal.weights()[x][i];
          }
          rows[y][3 * x + c] = clip(sum);
        }
      }
    }
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < 3; c++) {
          int sum = 1 << (FilterAxis.PRECISION_BITS - 1);
          for (int i = 0; i < vertical.weights()[y].length; i++) {
            sum += rows[vertical.first()[y] + i][3 * x + c] * vertical.weights()[y][i];
          }
          planes[(c * height + y) * width + x] = (byte) clip(sum);
        }
      }
    }
    return planes;
  }

  private static int clip(int sum) {
    return Math.max(0, Math.min(255, sum >> FilterAxis.PRECISION_BITS));
  }

  private static RgbImage noise(int width, int height) {
    byte[] pixels = new byte[3 * width * height];
    new Random(31L * width + height).nextBytes(pixels);
    return new RgbImage(width, height, pixels);
  }
}
