package dev.phistream.drawing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AugmentationTest {
  private static final int SIDE = 16;

  @Test
  void an_even_image_stays_even_at_any_size() {
    byte[] grey = new byte[3 * SIDE * SIDE];
    Arrays.fill(grey, (byte) 200);
    byte[] target = new byte[5 + 3 * 10 * 10];

    new Augmentation(new Random(1)).apply(grey, SIDE, 10, target, 5);

    assertThat(Arrays.copyOf(target, 5)).containsOnly(0);
    assertThat(Arrays.copyOfRange(target, 5, target.length)).containsOnly((byte) 200);
  }

  @Test
  void what_is_in_the_middle_stays_near_the_middle() {
    byte[] spot = new byte[3 * SIDE * SIDE];
    for (int channel = 0; channel < 3; channel++) {
      spot[channel * SIDE * SIDE + 8 * SIDE + 8] = (byte) 255;
    }
    Augmentation augmentation = new Augmentation(new Random(1));
    for (int i = 0; i < 50; i++) {
      byte[] target = new byte[3 * SIDE * SIDE];

      augmentation.apply(spot, SIDE, SIDE, target, 0);

      int brightest = 0;
      for (int at = 0; at < SIDE * SIDE; at++) {
        if ((target[at] & 0xff) > (target[brightest] & 0xff)) {
          brightest = at;
        }
      }
      assertThat(brightest % SIDE).isBetween(6, 9);
      assertThat(brightest / SIDE).isBetween(6, 9);
    }
  }
}
