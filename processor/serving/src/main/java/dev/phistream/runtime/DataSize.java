package dev.phistream.runtime;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of bytes, written as {@code 512}, {@code 64kB}, {@code 32MB} or {@code 1GB}; units are
 * powers of 1024.
 *
 * @param bytes 0 or more
 */
public record DataSize(long bytes) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,12})\\s*(|b|kb|kib|mb|mib|gb|gib)");

  /**
   * Reads a size.
   *
   * @throws IllegalArgumentException when it is not in the form above
   */
  public static DataSize parse(CharSequence text) {
    Matcher size = FORM.matcher(text.toString().strip().toLowerCase(Locale.ROOT));
    if (!size.matches()) {
      throw new IllegalArgumentException(text + " (expected: a size such as 512kB or 32MB)");
    }
    String unit = size.group(2);
    int shift = unit.isEmpty() ? 0 : 10 * "bkmg".indexOf(unit.charAt(0));
    return new DataSize(Math.multiplyExact(Long.parseLong(size.group(1)), 1L << shift));
  }

  @Override
  public String toString() {
    for (int power = 3; power > 0; power--) {
      long unit = 1L << (10 * power);
      if (bytes >= unit && bytes % (unit / 1024) == 0) {
        return bytes % unit == 0
            ? bytes / unit + " " + " kMG".charAt(power) + "B"
            : "%.1f %cB".formatted(bytes / (double) unit, " kMG".charAt(power));
      }
    }
    return bytes + " B";
  }
}
