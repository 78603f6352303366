package dev.phistream.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Views of images by chance. */
class RandAugmentTest {
  private static final int SIDE = 40;

  @Test
  void without_operations_on_the_whole_image_a_view_is_the_image() {
    byte[] image = image();

    assertThat(new RandAugment(0, 0, 1, false).apply(image, SIDE, new Random(1))).isEqualTo(image);
  }

  @Test
  void half_of_the_views_are_mirrored_where_that_is_allowed() {
    byte[] image = image();
    RandAugment mirror = new RandAugment(0, 0, 1, true);
    int mirrored = 0;
    for (int seed = 0; seed < 200; seed++) {
      byte[] view = mirror.apply(image, SIDE, new Random(seed * 7919L));
      if (Arrays.equals(view, Views.mirrored(image))) {
        mirrored++;
      } else {
        assertThat(view).isEqualTo(image);
      }
    }

    assertThat(mirrored).isBetween(70, 130);
  }

  @Test
  void the_same_numbers_give_the_same_view_and_the_image_stays() {
    byte[] image = image();
    RandAugment augment = new RandAugment(2, 7, 0.5, true);

    assertThat(augment.apply(image, 24, new Random(3)))
        .isEqualTo(augment.apply(image, 24, new Random(3)))
        .hasSize(3 * 24 * 24);
    assertThat(image).isEqualTo(image());
  }

  @Test
  void views_differ_and_keep_something_of_the_image() {
    byte[] image = image();
    RandAugment augment = new RandAugment(2, 5, 0.6, false);
    Set<Integer> views = new HashSet<>();
    for (int seed = 0; seed < 100; seed++) {
      byte[] view = augment.apply(image, SIDE, new Random(seed * 104_729L));
      views.add(Arrays.hashCode(view));
      assertThat(new HashSet<>(List.of(boxed(view)))).hasSizeGreaterThan(3);
    }

    assertThat(views).hasSizeGreaterThan(90);
  }

  @Test
  void a_mixture_lies_between_its_images() {
    byte[] dark = new byte[3];
    byte[] light = {(byte) 200, (byte) 100, 50};

    var mixed = Mixup.mixed(List.of(dark, light), 0.25);

    assertThat(mixed.get(0)).containsExactly((byte) 150, (byte) 75, (byte) 38);
    assertThat(mixed.get(1)).containsExactly(50, 25, 13);
  }

  @Test
  void the_share_of_a_mixture_is_near_an_end_for_a_small_alpha() {
    Random random = new Random(1);
    int ends = 0;
    double sum = 0;
    for (int i = 0; i < 2000; i++) {
      double share = Mixup.share(0.2, random);
      assertThat(share).isBetween(0.0, 1.0);
      sum += share;
      ends += share < 0.1 || share > 0.9 ? 1 : 0;
    }

    assertThat(sum / 2000).isBetween(0.46, 0.54);
    assertThat(ends).isGreaterThan(1200);
  }

  private static byte[] image() {
    byte[] image = new byte[3 * SIDE * SIDE];
    new Random(9).nextBytes(image);
    return image;
  }

  private static Byte[] boxed(byte[] bytes) {
    Byte[] boxed = new Byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      boxed[i] = bytes[i];
    }
    return boxed;
  }
}
