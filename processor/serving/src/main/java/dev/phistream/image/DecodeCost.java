package dev.phistream.image;

/**
 * What decoding a file takes, known from its headers before any pixel is decoded.
 *
 * @param format what the file is
 * @param width of the stored image in pixels, before it is turned upright
 * @param height of the stored image in pixels
 * @param work samples that the decoder visits: pixels × channels, and for a JPEG the samples of
 *     each of its scans
 * @param memory most bytes that the decoder holds at a time, the decoded image included and the
 *     encoded file not; an upper estimate
 */
public record DecodeCost(ImageFormat format, int width, int height, long work, long memory) {
  /** Bytes of a decoded pixel. */
  static final int RGB = 3;

  /** The cost of a decoder that visits each pixel once and holds so many bytes for each. */
  static DecodeCost perPixel(ImageFormat format, int width, int height, int bytesPerPixel) {
    long pixels = (long) width * height;
    return new DecodeCost(format, width, height, RGB * pixels, bytesPerPixel * pixels);
  }

  /** The number of pixels. */
  public long pixels() {
    return (long) width * height;
  }

  /** This cost with the copy that turning an image upright takes. */
  DecodeCost turned(Orientation orientation) {
    return orientation == Orientation.NORMAL
        ? this
        : new DecodeCost(format, width, height, work, memory + RGB * pixels());
  }
}
