package dev.phistream.config;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 5ms}, {@code 2s}, {@code 1m}, {@code 1h}, or ISO-8601. */
final class Durations {
  private static final Pattern FORM = Pattern.compile("(\\d{1,12})\\s*(ms|s|m|h|d)");
  private static final long MILLIS_PER_SECOND = 1000;

  private Durations() {}

  /**
   * Reads a duration.
   *
   * @throws IllegalArgumentException when it is in none of the forms above
   */
  static Duration parse(String text) {
    Matcher duration = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (duration.matches()) {
      long amount = Long.parseLong(duration.group(1));
      return switch (duration.group(2)) {
        case "ms" -> Duration.ofMillis(amount);
        case "s" -> Duration.ofSeconds(amount);
        case "m" -> Duration.ofMinutes(amount);
        case "h" -> Duration.ofHours(amount);
        default -> Duration.ofDays(amount);
      };
    }
    try {
      return Duration.parse(text.strip());
    } catch (DateTimeException | ArithmeticException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  /** Writes a duration as {@link #parse} reads it. */
  static String text(Duration duration) {
    if (duration.toNanosPart() % 1_000_000 != 0) {
      return duration.toString();
    }
    long millis = duration.toMillis();
    return millis % MILLIS_PER_SECOND == 0 ? millis / MILLIS_PER_SECOND + "s" : millis + "ms";
  }
}
