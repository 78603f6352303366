package dev.phistream.image;

import java.util.Arrays;

/**
 * A image in memory, as it is meant to be seen: upright, without alpha.
 *
 * @param width in pixels, at least 1
 * @param height in pixels, at least 1
 * @param pixels H×W×3 uint8, rows from the top, interleaved red, green, blue; not copied, so its
 *     owner must not change it any more
 */
@SuppressWarnings("ArrayRecordComponent") // megabytes of pixels: a list would multiply them
public record RgbImage(int width, int height, byte[] pixels) {
  /**
   * Checks the sizes against each other.
   *
   * @throws IllegalArgumentException if a size is below 1 or the array has not height × width × 3
   *     bytes
   */
  public RgbImage {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "size: " + width + "x" + height + " (expected: at least 1x1)");
    }
    if (pixels.length != 3L * width * height) {
      throw new IllegalArgumentException(
          "pixels.length: " + pixels.length + " (expected: " + 3L * width * height + ")");
    }
  }

  /** Two images are equal when their sizes and all their pixels are. */
  @Override
  public boolean equals(Object other) {
    return other instanceof RgbImage that
        && width == that.width
        && height == that.height
        && Arrays.equals(pixels, that.pixels);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * width + height) + Arrays.hashCode(pixels);
  }

  @Override
  public String toString() {
    return "RgbImage[" + width + "x" + height + "]";
  }
}
