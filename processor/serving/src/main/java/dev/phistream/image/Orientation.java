package dev.phistream.image;

/**
 * How a stored image must be turned to stand upright: the eight values of the Exif tag 0x0112 (Exif
 * 2.32, section 4.6.4). Each value says where the stored first row and first column lie.
 */
enum Orientation {
  NORMAL(false, false, false),
  MIRRORED(false, true, false),
  UPSIDE_DOWN(false, true, true),
  MIRRORED_UPSIDE_DOWN(false, false, true),
  TRANSPOSED(true, false, false),
  TURN_RIGHT(true, true, false),
  TRANSVERSED(true, true, true),
  TURN_LEFT(true, false, true);

  /** Rows and columns swap first; the flips are of the result. */
  private final boolean transpose;

  private final boolean flipX;
  private final boolean flipY;

  Orientation(boolean transpose, boolean flipX, boolean flipY) {
    this.transpose = transpose;
    this.flipX = flipX;
    this.flipY = flipY;
  }

  /** The orientation of a tag value 1 to 8; anything else counts as upright. */
  static Orientation ofExif(int value) {
    return value >= 1 && value <= 8 ? values()[value - 1] : NORMAL;
  }

  RgbImage upright(RgbImage stored) {
    if (this == NORMAL) {
      return stored;
    }
    int width = transpose ? stored.height() : stored.width();
    int height = transpose ? stored.width() : stored.height();
    // Steps through the stored pixels for one step right and one step down in the upright image.
    int right = transpose ? 3 * stored.width() : 3;
    int down = transpose ? 3 : 3 * stored.width();
    int start = (flipX ? (width - 1) * right : 0) + (flipY ? (height - 1) * down : 0);
    int stepX = flipX ? -right : right;
    int stepY = flipY ? -down : down;
    byte[] from = stored.pixels();
    byte[] to = new byte[from.length];
    int target = 0;
    for (int y = 0; y < height; y++) {
      int source = start + y * stepY;
      for (int x = 0; x < width; x++, source += stepX, target += 3) {
        to[target] = from[source];
        to[target + 1] = from[source + 1];
        to[target + 2] = from[source + 2];
      }
    }
    return new RgbImage(width, height, to);
  }
}
