package dev.phistream.training;

import dev.phistream.image.RgbImage;
import java.util.Arrays;

/**
 * What an image looks like, in a kilobyte: its brightness on a 16×16 grid, whatever its contrast,
 * and its mean colours on an 8×8 grid. Two files are the same image when both are nearly the same,
 * though one was scaled or recompressed.
 */
@SuppressWarnings("ArrayRecordComponent") // compared by looksLike alone
record PerceptualHash(float[] brightness, byte[] colours, boolean flat) {
  private static final int SIDE = 16;
  private static final int COLOUR_SIDE = 8;

  /** Least correlation of the brightness; unlike photographs have about 0. */
  private static final float LEAST_CORRELATION = 0.975f;

  /** Largest mean difference of the colours, of 255. */
  private static final int MOST_COLOUR = 6;

  /** Images whose brightness varies by less, of 255, all look alike. */
  private static final double LEAST_CONTRAST = 4;

  /** Looks at an image. */
  static PerceptualHash of(RgbImage image) {
    double[][] cells = means(image, SIDE, SIDE);
    double[] values = new double[SIDE * SIDE];
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = 0.299 * cells[0][i] + 0.587 * cells[1][i] + 0.114 * cells[2][i];
      sum += values[i];
      squares += values[i] * values[i];
    }
    double mean = sum / values.length;
    double deviation = Math.sqrt(Math.max(0, squares / values.length - mean * mean));
    float[] brightness = new float[values.length];
    double scale = Math.sqrt(values.length) * Math.max(deviation, 1e-6);
    for (int i = 0; i < values.length; i++) {
      brightness[i] = (float) ((values[i] - mean) / scale);
    }
    byte[] colours = new byte[3 * COLOUR_SIDE * COLOUR_SIDE];
    int at = 0;
    for (double[] channel : means(image, COLOUR_SIDE, COLOUR_SIDE)) {
      for (double value : channel) {
        colours[at++] = (byte) Math.round(value);
      }
    }
    return new PerceptualHash(brightness, colours, deviation < LEAST_CONTRAST);
  }

  /** Mean of each cell of a grid, by channel; pixels on a border count in parts for both sides. */
  private static double[][] means(RgbImage image, int columns, int rows) {
    double[][] means = new double[3][columns * rows];
    double[] row = new double[3 * columns];
    byte[] pixels = image.pixels();
    double[] across = shares(image.width(), columns);
    double[] down = shares(image.height(), rows);
    for (int y = 0; y < image.height(); y++) {
      Arrays.fill(row, 0);
      int at = 3 * y * image.width();
      for (int x = 0; x < image.width(); x++) {
        int cell = (int) ((long) x * columns / image.width());
        double here = across[x];
        for (int channel = 0; channel < 3; channel++) {
          int value = pixels[at++] & 0xff;
          row[channel * columns + cell] += here * value;
          if (here < 1) {
            spread(row, channel * columns, columns, cell, 1, (1 - here) * value, x, image.width());
          }
        }
      }
      int cell = (int) ((long) y * rows / image.height());
      double rest = 1 - down[y];
      for (int channel = 0; channel < 3; channel++) {
        for (int column = 0; column < columns; column++) {
          double value = row[channel * columns + column];
          means[channel][cell * columns + column] += down[y] * value;
          if (rest > 0) {
            spread(means[channel], column, rows, cell, columns, rest * value, y, image.height());
          }
        }
      }
    }
    double area = (double) image.width() / columns * image.height() / rows;
    for (double[] channel : means) {
      for (int i = 0; i < channel.length; i++) {
        channel[i] /= area;
      }
    }
    return means;
  }

  /** Part of each pixel of a line that lies in the cell in which it begins. */
  private static double[] shares(int length, int cells) {
    double[] shares = new double[length];
    for (int i = 0; i < length; i++) {
      int cell = (int) ((long) i * cells / length);
      double end = (double) (cell + 1) * length / cells;
      shares[i] = Math.min(1, end - i);
    }
    return shares;
  }

  /** Deals the rest of a pixel out to the cells after its first; a small image has many of them. */
  private static void spread(
      double[] cells, int from, int count, int first, int step, double rest, int at, int length) {
    double share = 1 - Math.min(1, (double) (first + 1) * length / count - at);
    double each = Math.min(1, (double) length / count);
    double value = rest / share;
    for (int cell = first + 1; cell < count && share > 1e-9; cell++) {
      double part = Math.min(share, each);
      cells[from + cell * step] += value * part;
      share -= part;
    }
  }

  /** Whether another is the same image to the eye. */
  boolean looksLike(PerceptualHash other) {
    if (flat || other.flat) {
      return false;
    }
    int most = MOST_COLOUR * colours.length;
    int difference = 0;
    for (int i = 0; i < colours.length; i++) {
      difference += Math.abs((colours[i] & 0xff) - (other.colours[i] & 0xff));
      if (difference > most) {
        return false;
      }
    }
    float correlation = 0;
    for (int i = 0; i < brightness.length; i++) {
      correlation += brightness[i] * other.brightness[i];
    }
    return correlation >= LEAST_CORRELATION;
  }
}
