package dev.phistream.drawing;

import java.util.Random;

/**
 * Makes several images of one: mirrored, shifted, zoomed, its colour channels swapped. No subject
 * is known by its side or its colour.
 */
final class Augmentation {
  private static final int[][] CHANNELS = {
    {0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}
  };
  private static final double MOST_SHIFT = 0.06;
  private static final double MOST_ZOOM = 0.1;

  private final Random random;

  Augmentation(Random random) {
    this.random = random;
  }

  /**
   * Writes a changed copy.
   *
   * @param image 3×side×side
   * @param targetSide of the copy, which may be smaller or larger
   * @param target gets 3×targetSide×targetSide bytes from {@code offset} on
   */
  void apply(byte[] image, int side, int targetSide, byte[] target, int offset) {
    boolean mirrored = random.nextBoolean();
    double zoom = 1 + MOST_ZOOM * (2 * random.nextDouble() - 1);
    Axis columns = new Axis(side, targetSide, zoom, shift(side), mirrored);
    Axis rows = new Axis(side, targetSide, zoom, shift(side), false);
    int[] channels = CHANNELS[random.nextInt(CHANNELS.length)];
    int at = offset;
    for (int channel : channels) {
      int plane = channel * side * side;
      for (int y = 0; y < targetSide; y++) {
        int upper = plane + rows.low[y] * side;
        int lower = plane + rows.high[y] * side;
        float down = rows.share[y];
        for (int x = 0; x < targetSide; x++) {
          int left = columns.low[x];
          int right = columns.high[x];
          float across = columns.share[x];
          float above = mix(image[upper + left], image[upper + right], across);
          float below = mix(image[lower + left], image[lower + right], across);
          target[at++] = (byte) (above + down * (below - above) + 0.5f);
        }
      }
    }
  }

  private double shift(int side) {
    return side * MOST_SHIFT * (2 * random.nextDouble() - 1);
  }

  private static float mix(byte a, byte b, float share) {
    float first = a & 0xff;
    return first + share * ((b & 0xff) - first);
  }

  /** Where the pixels of a row or column come from: between two pixels. */
  private static final class Axis {
    private final int[] low;
    private final int[] high;
    private final float[] share;

    Axis(int side, int targetSide, double zoom, double shift, boolean mirrored) {
      low = new int[targetSide];
      high = new int[targetSide];
      share = new float[targetSide];
      double step = side * zoom / targetSide;
      for (int i = 0; i < targetSide; i++) {
        int along = mirrored ? targetSide - 1 - i : i;
        double source = side / 2.0 + shift + (along + 0.5 - targetSide / 2.0) * step - 0.5;
        double clamped = Math.max(0, Math.min(side - 1, source));
        low[i] = (int) clamped;
        high[i] = Math.min(side - 1, low[i] + 1);
        share[i] = (float) (clamped - low[i]);
      }
    }
  }
}
