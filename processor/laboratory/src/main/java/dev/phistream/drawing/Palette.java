package dev.phistream.drawing;

import java.awt.Color;
import java.util.Random;

/**
 * The colours of one subject.
 *
 * @param body of most of it
 * @param accent of its second part
 * @param light of glass, paper and shine
 * @param line of outlines and thin parts
 */
record Palette(Color body, Color accent, Color light, Color line) {
  private static final double LEAST_CONTRAST = 0.18;

  /** Colours that stand out from a background of the given colour. */
  static Palette against(Color background, Random random) {
    Color body = any(random);
    while (distance(body, background) < LEAST_CONTRAST) {
      body = any(random);
    }
    Color accent = any(random);
    while (distance(accent, body) < LEAST_CONTRAST) {
      accent = any(random);
    }
    Color light = hsb(random, random.nextDouble(), 0.25, 0.8, 1);
    boolean darkLines = random.nextInt(6) > 0;
    Color line = darkLines ? hsb(random, random.nextDouble(), 0.6, 0.03, 0.3) : light;
    return new Palette(body, accent, light, line);
  }

  /** Any colour, none of them very dark. */
  static Color any(Random random) {
    return hsb(random, random.nextDouble(), 0.95, 0.25, 1);
  }

  /** A colour mixed of two. */
  static Color mix(Color a, Color b, double share) {
    return new Color(
        (int) Math.round(a.getRed() + share * (b.getRed() - a.getRed())),
        (int) Math.round(a.getGreen() + share * (b.getGreen() - a.getGreen())),
        (int) Math.round(a.getBlue() + share * (b.getBlue() - a.getBlue())));
  }

  private static Color hsb(
      Random random, double hue, double mostSaturation, double darkest, double brightest) {
    double saturation = random.nextDouble() * mostSaturation;
    double brightness = darkest + random.nextDouble() * (brightest - darkest);
    return Color.getHSBColor((float) hue, (float) saturation, (float) brightness);
  }

  private static double distance(Color a, Color b) {
    double red = a.getRed() - b.getRed();
    double green = a.getGreen() - b.getGreen();
    double blue = a.getBlue() - b.getBlue();
    return Math.sqrt((0.3 * red * red + 0.59 * green * green + 0.11 * blue * blue)) / 255;
  }
}
