package dev.phistream.image;

import java.util.Arrays;

/**
 * Separable resize and crop in Pillow's fixed point: rows first, rounded to 8 bits, then columns.
 *
 * @param horizontal the wanted columns
 * @param vertical the wanted rows
 */
record FilterResize(FilterAxis horizontal, FilterAxis vertical) {
  private static final int HALF = 1 << (FilterAxis.PRECISION_BITS - 1);

  /** The wanted window as three planes, red, green, blue. */
  byte[] apply(RgbImage image) {
    int width = horizontal.first().length;
    int height = vertical.first().length;
    byte[] planes = new byte[3 * width * height];
    int[][] rows = new int[vertical.to() - vertical.from()][];
    int[] sums = new int[3 * width];
    for (int y = 0; y < height; y++) {
      int first = vertical.first()[y] - vertical.from();
      int[] weights = vertical.weights()[y];
      Arrays.fill(sums, HALF);
      for (int i = 0; i < weights.length; i++) {
        int[] row = rows[first + i];
        if (row == null) {
          row = resizeRow(image, vertical.first()[y] + i);
          rows[first + i] = row;
        }
        int weight = weights[i];
        for (int x = 0; x < sums.length; x++) {
          sums[x] += row[x] * weight;
        }
      }
      for (int c = 0; c < 3; c++) {
        int target = (c * height + y) * width;
        for (int x = 0; x < width; x++) {
          planes[target + x] = (byte) clip(sums[c * width + x]);
        }
      }
    }
    return planes;
  }

  /** The wanted columns of one input row: three runs of 8-bit values, red, green, blue. */
  private int[] resizeRow(RgbImage image, int y) {
    int width = horizontal.first().length;
    int[] out = new int[3 * width];
    byte[] in = image.pixels();
    int row = 3 * image.width() * y;
    int[] first = horizontal.first();
    for (int x = 0; x < width; x++) {
      int[] weights = horizontal.weights()[x];
      int source = row + 3 * first[x];
      int red = HALF;
      int green = HALF;
      int blue = HALF;
      for (int weight : weights) {
        red += (in[source] & 0xff) * weight;
        green += (in[source + 1] & 0xff) * weight;
        blue += (in[source + 2] & 0xff) * weight;
        source += 3;
      }
      out[x] = clip(red);
      out[width + x] = clip(green);
      out[2 * width + x] = clip(blue);
    }
    return out;
  }

  private static int clip(int sum) {
    int value = sum >> FilterAxis.PRECISION_BITS;
    return Math.max(0, Math.min(255, value));
  }
}
