package dev.phistream.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phistream.bench.peer.ImageInput;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What the image benchmark compares does the same work. */
class ImageInputsTest {
  private static final byte[] FILE = BenchImages.draw(1, 1, 500, 375).get(0);

  @Test
  void imageio_makes_nearly_the_same_input() throws Exception {
    assertThat(meanDifference(new PlainImageIo().of(FILE), true)).isLessThan(20);
  }

  @Test
  void a_file_that_is_no_image_is_refused() {
    assertThatThrownBy(() -> new PlainImageIo().of(new byte[] {1, 2, 3}))
        .isInstanceOf(IOException.class);
  }

  private static double meanDifference(byte[] pixels, boolean blueFirst) throws Exception {
    byte[] planes = ImageProcess.input(ImageSubject.PHISTREAM).of(FILE);
    int area = ImageInput.SIZE * ImageInput.SIZE;
    long sum = 0;
    for (int i = 0; i < area; i++) {
      for (int c = 0; c < 3; c++) {
        int peer = pixels[3 * i + (blueFirst ? 2 - c : c)] & 0xff;
        sum += Math.abs(peer - (planes[c * area + i] & 0xff));
      }
    }
    return (double) sum / planes.length;
  }
}
