package dev.phistream.planning;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A time in which more events come, in the middle of what is simulated.
 *
 * @param times the rate, at least 1
 * @param seconds how long; 0 for no burst
 */
public record Burst(double times, double seconds) {
  /** None. */
  public static final Burst NONE = new Burst(1, 0);

  private static final Pattern TEXT = Pattern.compile("(\\d+(?:\\.\\d+)?)x(\\d+(?:\\.\\d+)?)s?");
  private static final double MOST = 100;

  /** Checks the values. */
  public Burst {
    if (!(times >= 1 && times <= MOST && seconds >= 0 && seconds <= 3600)) {
      throw new IllegalArgumentException(
          "burst: %s times for %s s (expected: 1 to 100 times, at most 3600 s)"
              .formatted(times, seconds));
    }
  }

  /**
   * Reads {@code 3x10}: three times the rate for ten seconds.
   *
   * @throws IllegalArgumentException for other texts
   */
  public static Burst parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "burst: %s (expected: such as 3x10, three times the rate for ten seconds)"
              .formatted(text));
    }
    return new Burst(Double.parseDouble(matcher.group(1)), Double.parseDouble(matcher.group(2)));
  }
}
