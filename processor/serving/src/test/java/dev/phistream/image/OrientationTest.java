package dev.phistream.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Images are rows of letters here; each letter is the grey level of a pixel. */
class OrientationTest {
  /** The upright images by Exif 2.32, table 8: which side the stored row 0 and column 0 show. */
  @ParameterizedTest
  @CsvSource({
    "1, abc/def",
    "2, cba/fed",
    "3, fed/cba",
    "4, def/abc",
    "5, ad/be/cf",
    "6, da/eb/fc",
    "7, fc/eb/da",
    "8, cf/be/ad",
  })
  void a_stored_image_is_turned_upright(int tag, String upright) {
    RgbImage stored = image("abc/def");

    assertThat(letters(Orientation.ofExif(tag).upright(stored))).isEqualTo(upright);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 9, 65535})
  void a_value_that_exif_does_not_know_counts_as_upright(int tag) {
    assertThat(Orientation.ofExif(tag)).isEqualTo(Orientation.NORMAL);
  }

  private static RgbImage image(String rows) {
    int height = rows.split("/", -1).length;
    String all = rows.replace("/", "");
    byte[] pixels = new byte[3 * all.length()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) all.charAt(i / 3);
    }
    return new RgbImage(all.length() / height, height, pixels);
  }

  private static String letters(RgbImage image) {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < image.pixels().length; i += 3) {
      if (i > 0 && i / 3 % image.width() == 0) {
        rows.append('/');
      }
      rows.append((char) image.pixels()[i]);
    }
    return rows.toString();
  }
}
