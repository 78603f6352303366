package dev.phistream.image;

/** Reads one file format. Implementations are thread-safe. */
@FunctionalInterface
interface FormatDecoder {
  /**
   * Reads a file's headers, in time linear in the file's length and without memory for pixels.
   *
   * @throws ImageException if the file is refused for a reason that its headers tell
   */
  EncodedImage open(byte[] encoded) throws ImageException;
}
