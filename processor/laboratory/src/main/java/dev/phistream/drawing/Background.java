package dev.phistream.drawing;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.Random;

/** Paints what is behind everything: gradients, stripes, checks or cloudy noise of two colours. */
final class Background {
  private static final int NOISE_CELLS = 8;
  private static final int OCTAVES = 4;

  private Background() {}

  /** Covers a image; returns the colour that prevails. */
  static Color paint(BufferedImage image, Random random) {
    Color first = Palette.any(random);
    Color second = Palette.any(random);
    if (random.nextInt(3) == 0) {
      second = Palette.mix(first, second, 0.3);
    }
    switch (random.nextInt(4)) {
      case 0 -> gradient(image, first, second, random);
      case 1 -> stripes(image, first, second, random);
      default -> clouds(image, first, second, random);
    }
    return Palette.mix(first, second, 0.5);
  }

  private static void gradient(BufferedImage image, Color a, Color b, Random random) {
    double angle = random.nextDouble() * 2 * Math.PI;
    double dx = Math.cos(angle);
    double dy = Math.sin(angle);
    fill(image, a, b, (x, y) -> 0.5 + (x - 0.5) * dx + (y - 0.5) * dy);
  }

  private static void stripes(BufferedImage image, Color a, Color b, Random random) {
    double angle = random.nextDouble() * Math.PI;
    double frequency = 3 + random.nextDouble() * 9;
    double dx = Math.cos(angle) * frequency;
    double dy = Math.sin(angle) * frequency;
    boolean checks = random.nextBoolean();
    double contrast = 0.3 + random.nextDouble() * 0.7;
    fill(
        image,
        a,
        b,
        (x, y) -> {
          boolean along = Math.floorMod((int) Math.floor(x * dx + y * dy), 2) == 0;
          boolean across = checks && Math.floorMod((int) Math.floor(x * dy - y * dx), 2) == 0;
          return along ^ across ? contrast : 0;
        });
  }

  private static void clouds(BufferedImage image, Color a, Color b, Random random) {
    double[][] grids = new double[OCTAVES][];
    for (int octave = 0; octave < OCTAVES; octave++) {
      int side = (NOISE_CELLS << octave) + 1;
      grids[octave] = random.doubles((long) side * side).toArray();
    }
    double scale = 0.2 + random.nextDouble() * 0.8;
    double roughness = 0.4 + random.nextDouble() * 0.4;
    fill(
        image,
        a,
        b,
        (x, y) -> {
          double value = 0;
          double weight = 1;
          double weights = 0;
          for (int octave = 0; octave < OCTAVES; octave++) {
            int cells = NOISE_CELLS << octave;
            value += weight * interpolate(grids[octave], cells, x * scale, y * scale);
            weights += weight;
            weight *= roughness;
          }
          return 0.5 + 1.8 * (value / weights - 0.5);
        });
  }

  private static double interpolate(double[] grid, int cells, double x, double y) {
    double column = Math.min(x, 0.9999) * cells;
    double row = Math.min(y, 0.9999) * cells;
    int left = (int) column;
    int top = (int) row;
    int at = top * (cells + 1) + left;
    double across = column - left;
    double down = row - top;
    double above = grid[at] + across * (grid[at + 1] - grid[at]);
    double below = grid[at + cells + 1] + across * (grid[at + cells + 2] - grid[at + cells + 1]);
    return above + down * (below - above);
  }

  /** How much of the second colour is at a point; coordinates 0 to 1. */
  private interface Share {
    double at(double x, double y);
  }

  private static void fill(BufferedImage image, Color a, Color b, Share share) {
    int width = image.getWidth();
    int height = image.getHeight();
    int[] row = new int[width];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double s = share.at((x + 0.5) / width, (y + 0.5) / height);
        row[x] = blend(a, b, Math.max(0, Math.min(1, s)));
      }
      image.setRGB(0, y, width, 1, row, 0, width);
    }
  }

  private static int blend(Color a, Color b, double share) {
    int red = (int) (a.getRed() + share * (b.getRed() - a.getRed()));
    int green = (int) (a.getGreen() + share * (b.getGreen() - a.getGreen()));
    int blue = (int) (a.getBlue() + share * (b.getBlue() - a.getBlue()));
    return red << 16 | green << 8 | blue;
  }
}
