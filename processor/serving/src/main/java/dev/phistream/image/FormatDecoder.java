package dev.phistream.image;

import java.io.IOException;

/** Decodes one file format. Implementations are thread-safe. */
interface FormatDecoder {
  /**
   * Decodes the first image of a file.
   *
   * @throws ImageException if the file is refused for a reason that this decoder can name
   * @throws IOException if a reader gave up
   */
  Stored decode(byte[] encoded) throws ImageException, IOException;

  /** A image as the file stores it, and how it must be turned. */
  record Stored(RgbImage image, Orientation orientation) {
    RgbImage upright() {
      return orientation.upright(image);
    }
  }
}
