package dev.phistream.planning;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Events per second.
 *
 * @param perSecond above 0, at most {@link #MOST}
 */
public record Rate(double perSecond) {
  /** The largest that can be planned for. */
  public static final double MOST = 1e8;

  private static final Pattern TEXT = Pattern.compile("(\\d+(?:\\.\\d+)?)([kKM]?)(?:/s)?");

  /** Checks the value. */
  public Rate {
    if (!(perSecond > 0 && perSecond <= MOST)) {
      throw new IllegalArgumentException(
          "rate: %s events/s (expected: above 0, at most 100M)".formatted(perSecond));
    }
  }

  /**
   * Reads {@code 500}, {@code 20k} or {@code 2.5M}.
   *
   * @throws IllegalArgumentException for other texts
   */
  public static Rate parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "rate: %s (expected: events per second, such as 500, 20k or 2M)".formatted(text));
    }
    double factor =
        switch (matcher.group(2)) {
          case "k", "K" -> 1e3;
          case "M" -> 1e6;
          default -> 1;
        };
    return new Rate(Double.parseDouble(matcher.group(1)) * factor);
  }

  @Override
  public String toString() {
    return perSecond >= 1e6
        ? number(perSecond / 1e6) + "M/s"
        : perSecond >= 1e4 ? number(perSecond / 1e3) + "k/s" : number(perSecond) + "/s";
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? String.valueOf((long) value)
        : String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
  }
}
