package dev.phistream.image;

import dev.phistream.image.ImageException.Code;

/**
 * How large a image may be before it is refused. Sizes are read from the file's header and checked
 * before memory for pixels is taken, so a few bytes that promise gigabytes cost nothing.
 *
 * @param maxEncodedBytes largest file, in bytes
 * @param maxPixels most pixels, width × height; {@link ImageDecoder#inspect} says how much memory
 *     an image takes
 * @param maxDimension longest edge, in pixels
 */
public record DecodeLimits(int maxEncodedBytes, long maxPixels, int maxDimension) {
  /** 32 MiB, 100 million pixels, edges up to 65,535: the defaults of all commands. */
  public static final DecodeLimits DEFAULT =
      new DecodeLimits(32 * 1024 * 1024, 100_000_000L, 65_535);

  /** Java arrays end here: 3 bytes per pixel in one array. */
  static final long MOST_PIXELS = (Integer.MAX_VALUE - 8) / 3;

  /**
   * Samples that a decoder may visit for each pixel of the largest image. A progressive JPEG in the
   * usual ten scans visits 8 for each of its own, of full chroma resolution 18.
   */
  private static final int WORK_PER_PIXEL = 5;

  /** Small images of many scans are harmless: libjpeg visits 100 million samples in a second. */
  private static final long LEAST_WORK = 500_000_000;

  /**
   * Checks the limits themselves.
   *
   * @throws IllegalArgumentException if a limit is below 1, or more pixels than an array can hold
   */
  public DecodeLimits {
    if (maxEncodedBytes < 1) {
      throw new IllegalArgumentException(
          "maxEncodedBytes: " + maxEncodedBytes + " (expected: > 0)");
    }
    if (maxPixels < 1 || maxPixels > MOST_PIXELS) {
      throw new IllegalArgumentException(
          "maxPixels: " + maxPixels + " (expected: 1 to " + MOST_PIXELS + ")");
    }
    if (maxDimension < 1) {
      throw new IllegalArgumentException("maxDimension: " + maxDimension + " (expected: > 0)");
    }
  }

  void checkEncoded(int bytes) throws ImageException {
    if (bytes == 0) {
      throw new ImageException(Code.EMPTY, "the image has no bytes");
    }
    if (bytes > maxEncodedBytes) {
      throw new ImageException(
          Code.TOO_LARGE, "encoded bytes: " + bytes + " (expected: <= " + maxEncodedBytes + ")");
    }
  }

  /** Most samples that decoding one image may visit; see {@link DecodeCost#work()}. */
  public long maxWork() {
    return Math.max(LEAST_WORK, WORK_PER_PIXEL * maxPixels);
  }

  void check(DecodeCost cost) throws ImageException {
    checkSize(cost.width(), cost.height());
    if (cost.work() > maxWork()) {
      throw new ImageException(
          Code.TOO_LARGE,
          cost.format()
              + ": "
              + cost.work()
              + " samples to visit for "
              + cost.width()
              + "x"
              + cost.height()
              + " pixels (expected: <= "
              + maxWork()
              + "; a file of too many scans, or raise images.max-pixels)");
    }
  }

  void checkSize(long width, long height) throws ImageException {
    if (width < 1 || height < 1) {
      throw new ImageException(
          Code.UNDECODABLE, "size: " + width + "x" + height + " (expected: at least 1x1)");
    }
    if (width > maxDimension || height > maxDimension) {
      throw new ImageException(
          Code.TOO_LARGE,
          "size: " + width + "x" + height + " (expected: edges <= " + maxDimension + ")");
    }
    if (width * height > maxPixels) {
      throw new ImageException(
          Code.TOO_LARGE,
          "pixels: "
              + width
              + "x"
              + height
              + " (expected: <= "
              + maxPixels
              + " in all; see images.max-pixels)");
    }
  }
}
