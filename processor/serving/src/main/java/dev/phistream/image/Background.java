package dev.phistream.image;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The colour that shows through transparent pixels.
 *
 * @param rgb 0xRRGGBB
 */
public record Background(int rgb) {
  /** White: what most viewers and web pages put behind an image. */
  public static final Background WHITE = new Background(0xffffff);

  private static final Pattern HEX = Pattern.compile("#[0-9a-fA-F]{6}");

  /**
   * Checks the colour.
   *
   * @throws IllegalArgumentException if it has more than 24 bits
   */
  public Background {
    if (rgb < 0 || rgb > 0xffffff) {
      throw new IllegalArgumentException("rgb: " + rgb + " (expected: 0 to 0xffffff)");
    }
  }

  /**
   * A colour from its name or its red, green and blue in hexadecimal.
   *
   * @param text {@code white}, {@code black}, {@code gray} or, for example, {@code #20ff00}
   * @throws IllegalArgumentException if it is neither
   */
  public static Background of(String text) {
    String name = text.trim().toLowerCase(Locale.ROOT);
    return switch (name) {
      case "white" -> WHITE;
      case "black" -> new Background(0);
      case "gray", "grey" -> new Background(0x808080);
      default -> {
        if (!HEX.matcher(name).matches()) {
          throw new IllegalArgumentException(
              text + " (expected: white, black, gray or a colour such as #ffffff)");
        }
        yield new Background(Integer.parseInt(name.substring(1), 16));
      }
    };
  }

  int red() {
    return rgb >> 16;
  }

  int green() {
    return rgb >> 8 & 0xff;
  }

  int blue() {
    return rgb & 0xff;
  }

  /** Puts a pixel in front of this colour. */
  void compose(byte[] target, int at, int red, int green, int blue, int alpha) {
    target[at] = blend(red, red(), alpha);
    target[at + 1] = blend(green, green(), alpha);
    target[at + 2] = blend(blue, blue(), alpha);
  }

  /** As {@link #compose}, of colours that were multiplied by alpha already. */
  void composeAssociated(byte[] target, int at, int red, int green, int blue, int alpha) {
    target[at] = add(red, red(), alpha);
    target[at + 1] = add(green, green(), alpha);
    target[at + 2] = add(blue, blue(), alpha);
  }

  private static byte blend(int front, int behind, int alpha) {
    return (byte) Samples.divideBy255(front * alpha + behind * (255 - alpha));
  }

  private static byte add(int front, int behind, int alpha) {
    return (byte) Math.min(255, front + Samples.divideBy255(behind * (255 - alpha)));
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "#%06x", rgb);
  }
}
