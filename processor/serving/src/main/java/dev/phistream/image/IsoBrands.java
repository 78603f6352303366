package dev.phistream.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which image format an ISO base media file holds, by the brands in its first box. */
final class IsoBrands {
  private static final Set<String> AVIF = Set.of("avif", "avis");
  private static final Set<String> HEIC =
      Set.of("heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1");
  private static final int MOST_BRANDS = 64;

  private IsoBrands() {}

  static @Nullable ImageFormat format(byte[] file) {
    long size = Math.min(Bytes.uint32(file, 0, true), file.length);
    ImageFormat format = null;
    // The major brand, its version, and then the compatible brands.
    for (int at = 8, brands = 0; at + 4 <= size && brands < MOST_BRANDS; at += 4, brands++) {
      String brand = new String(file, at, 4, ISO_8859_1);
      if (AVIF.contains(brand)) {
        return ImageFormat.AVIF;
      }
      if (HEIC.contains(brand)) {
        format = ImageFormat.HEIC;
      }
    }
    return format;
  }
}
