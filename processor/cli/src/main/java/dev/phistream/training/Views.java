package dev.phistream.training;

/** Images as networks take them, 3×side×side uint8, changed without a rule of chance. */
final class Views {
  private Views() {}

  /** The image as in a mirror. */
  static byte[] mirrored(byte[] pixels) {
    int side = side(pixels);
    byte[] mirrored = new byte[pixels.length];
    for (int row = 0; row < 3 * side; row++) {
      int from = row * side;
      for (int x = 0; x < side; x++) {
        mirrored[from + x] = pixels[from + side - 1 - x];
      }
    }
    return mirrored;
  }

  /** Side of a square image, in pixels. */
  static int side(byte[] pixels) {
    return (int) Math.round(Math.sqrt(pixels.length / 3.0));
  }
}
