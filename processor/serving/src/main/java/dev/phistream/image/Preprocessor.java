package dev.phistream.image;

/**
 * Resizes and crops images for a network exactly as Pillow and timm do: antialiased bicubic resize
 * of the short edge, then centre crop. Images smaller than the crop are enlarged by the same rule.
 * Thread-safe.
 */
public final class Preprocessor {
  private final Preprocessing preprocessing;

  /** Creates a preprocessor for one weight set. */
  public Preprocessor(Preprocessing preprocessing) {
    this.preprocessing = preprocessing;
  }

  /**
   * Makes network input of a image.
   *
   * @return 3×size×size uint8, planes red, green, blue; not normalised
   */
  public byte[] apply(RgbImage image) {
    int size = preprocessing.size();
    int shortEdge = preprocessing.resizedShortEdge();
    boolean wide = image.width() > image.height();
    long shorter = wide ? image.height() : image.width();
    long longer = wide ? image.width() : image.height();
    int longEdge = (int) ((double) (shortEdge * longer) / shorter);
    int width = wide ? longEdge : shortEdge;
    int height = wide ? shortEdge : longEdge;
    BicubicResize resize =
        new BicubicResize(
            BicubicAxis.of(image.width(), width, cropStart(width, size), size),
            BicubicAxis.of(image.height(), height, cropStart(height, size), size));
    return resize.apply(image);
  }

  /** Rounds half to even, as Python's round does in torchvision's centre crop. */
  private static int cropStart(int length, int size) {
    return (int) Math.rint((length - size) / 2.0);
  }
}
