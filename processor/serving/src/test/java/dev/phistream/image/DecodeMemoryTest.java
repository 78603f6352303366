package dev.phistream.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.testkit.EncodedImages;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecodeMemoryTest {
  private static final int WIDTH = 320;
  private static final int HEIGHT = 200;

  /** What the decoded image takes by itself. */
  private static final long LEAST = 3L * WIDTH * HEIGHT;

  @ParameterizedTest
  @ValueSource(strings = {"jpeg", "png", "gif", "bmp", "tiff"})
  void the_estimate_comes_from_the_size_in_the_header(String format) {
    byte[] file = EncodedImages.encoded(EncodedImages.scene(WIDTH, HEIGHT, 1), format);

    assertThat(DecodeMemory.bytes(file)).isBetween(2 * LEAST, 10 * LEAST);
  }

  @Test
  void a_progressive_file_keeps_its_coefficients_in_memory() {
    byte[] baseline = EncodedImages.jpeg(WIDTH, HEIGHT, 1);
    byte[] progressive = EncodedImages.progressiveJpeg(EncodedImages.scene(WIDTH, HEIGHT, 1));

    assertThat(DecodeMemory.bytes(progressive)).isGreaterThan(2 * DecodeMemory.bytes(baseline));
  }

  @Test
  void a_webp_file_is_as_large_as_the_larger_of_its_canvas_and_its_image() {
    byte[] file = new byte[48];
    put(file, 0, 'R', 'I', 'F', 'F', 40, 0, 0, 0, 'W', 'E', 'B', 'P');
    put(file, 12, 'V', 'P', '8', 'X', 10, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 7, 0, 0);
    put(file, 30, 'V', 'P', '8', ' ', 10, 0, 0, 0, 0, 0, 0, 0x9d, 0x01, 0x2a, 0x10, 0x27, 0x10);

    assertThat(DecodeMemory.bytes(file)).isEqualTo(64L * 0x2710 * 0x10);
  }

  @Test
  void what_is_no_image_takes_nothing() {
    assertThat(DecodeMemory.bytes(new byte[0])).isZero();
    assertThat(DecodeMemory.bytes(new byte[] {'x', 'y', 'z'})).isZero();
  }

  @Test
  void damaged_files_have_an_estimate_that_is_not_negative() {
    Random random = new Random(1);
    for (String format : new String[] {"jpeg", "png", "gif", "bmp", "tiff"}) {
      byte[] file = EncodedImages.encoded(EncodedImages.scene(20, 20, 1), format);
      for (int i = 0; i < 2000; i++) {
        byte[] damaged = Arrays.copyOf(file, 1 + random.nextInt(file.length));
        for (int b = 0; b < 4; b++) {
          damaged[random.nextInt(Math.min(60, damaged.length))] = (byte) random.nextInt();
        }
        assertThat(DecodeMemory.bytes(damaged)).as(format).isNotNegative();
      }
    }
  }

  private static void put(byte[] file, int at, int... values) {
    for (int i = 0; i < values.length; i++) {
      file[at + i] = (byte) values[i];
    }
  }
}
