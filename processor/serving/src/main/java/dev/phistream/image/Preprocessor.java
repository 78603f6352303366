package dev.phistream.image;

/**
 * Resizes and crops images for a network exactly as Pillow and timm do: antialiased resize, then
 * centre crop. Images smaller than the crop are enlarged by the same rule. Thread-safe.
 */
public final class Preprocessor {
  private final Preprocessing preprocessing;

  /** Creates a preprocessor for one weight set. */
  public Preprocessor(Preprocessing preprocessing) {
    this.preprocessing = preprocessing;
  }

  /** Returns the length to which the short edge is resized, in pixels. */
  public int shortEdge() {
    return preprocessing.resizedShortEdge();
  }

  /**
   * Makes network input of a image.
   *
   * @return 3×size×size uint8, planes red, green, blue; not normalised
   */
  public byte[] apply(RgbImage image) {
    int size = preprocessing.size();
    int shortEdge = preprocessing.resizedShortEdge();
    int width = shortEdge;
    int height = shortEdge;
    if (preprocessing.resizeMode() == ResizeMode.SHORT_EDGE) {
      width = resized(image.width(), image.height(), shortEdge);
      height = resized(image.height(), image.width(), shortEdge);
    }
    Interpolation filter = preprocessing.interpolation();
    FilterResize resize =
        new FilterResize(
            FilterAxis.of(filter, image.width(), width, cropStart(width, size), size),
            FilterAxis.of(filter, image.height(), height, cropStart(height, size), size));
    return resize.apply(image);
  }

  /** The length of an edge when the shorter of both becomes {@code shortEdge}. */
  private static int resized(int edge, int other, int shortEdge) {
    return edge > other ? (int) ((double) (shortEdge * (long) edge) / other) : shortEdge;
  }

  /** Rounds half to even, as Python's round does in torchvision's centre crop. */
  private static int cropStart(int length, int size) {
    return (int) Math.rint((length - size) / 2.0);
  }
}
