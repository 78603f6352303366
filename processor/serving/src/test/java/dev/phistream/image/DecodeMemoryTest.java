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

    assertThat(DecodeMemory.bytes(file)).isBetween(LEAST, 3 * LEAST);
  }

  @Test
  void a_progressive_file_keeps_its_coefficients_in_memory() {
    byte[] progressive = EncodedImages.progressiveJpeg(EncodedImages.scene(WIDTH, HEIGHT, 1));

    assertThat(DecodeMemory.bytes(progressive)).isGreaterThanOrEqualTo(2 * LEAST);
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
}
