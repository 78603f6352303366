package dev.phistream.image;

import java.io.IOException;

/** A file whose headers have been read, and whose pixels have not been decoded. */
interface EncodedImage {
  /** What decoding takes, without the turn to upright. */
  DecodeCost cost();

  /** How the stored image must be turned. */
  Orientation orientation();

  /**
   * Decodes the first image as it is stored. To be called only when the cost is allowed.
   *
   * @throws ImageException if the file is refused for a reason that this format can name
   * @throws IOException if a reader gave up
   */
  RgbImage decode(Background background) throws ImageException, IOException;

  /**
   * Decodes the first image as it is stored, reduced where that is faster.
   *
   * @param shortEdge what the caller needs of the short edge, in pixels; at least twice of it
   *     remains
   * @throws ImageException if the file is refused for a reason that this format can name
   * @throws IOException if a reader gave up
   */
  default RgbImage decode(Background background, int shortEdge) throws ImageException, IOException {
    return decode(background);
  }
}
