package dev.phistream.config;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of bytes, written as {@code 512}, {@code 64kB}, {@code 144.8 MB} or {@code 1GB}; units
 * are powers of 1024, and fractions of bytes are cut off.
 *
 * @param bytes 0 or more
 */
public record DataSize(long bytes) implements Comparable<DataSize> {
  private static final Pattern FORM =
      Pattern.compile("(\\d{1,19}(?:\\.\\d{1,9})?)\\s*(|b|kb|kib|mb|mib|gb|gib|tb|tib)");
  private static final String UNITS = "bkmgt";

  /**
   * Reads a size.
   *
   * @throws IllegalArgumentException when it is not in the form above, or larger than a long
   */
  public static DataSize parse(String text) {
    Matcher size = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!size.matches()) {
      throw new IllegalArgumentException(text + " (expected: a size such as 512kB or 32MB)");
    }
    String unit = size.group(2);
    BigDecimal bytes =
        bytes(new BigDecimal(size.group(1)), unit.isEmpty() ? 0 : UNITS.indexOf(unit.charAt(0)));
    if (bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw new IllegalArgumentException(text + " (expected: a size of fewer bytes than 2^63)");
    }
    return new DataSize(bytes.longValueExact());
  }

  @Override
  public int compareTo(DataSize other) {
    return Long.compare(bytes, other.bytes);
  }

  /**
   * Writes the size with one decimal at most, never rounded up, so that a limit that is shown may
   * be set.
   */
  @Override
  public String toString() {
    int power = 0;
    BigDecimal amount = BigDecimal.valueOf(bytes);
    while (power < UNITS.length() - 1 && amount.compareTo(BigDecimal.valueOf(1024)) >= 0) {
      amount = amount.divide(BigDecimal.valueOf(1024));
      power++;
    }
    String unit = power == 0 ? "B" : " kMGT".charAt(power) + "B";
    BigDecimal nearest = amount.setScale(1, RoundingMode.HALF_UP);
    BigDecimal shown =
        bytes(nearest, power).compareTo(BigDecimal.valueOf(bytes)) <= 0
            ? nearest
            : amount.setScale(1, RoundingMode.DOWN);
    return shown.stripTrailingZeros().toPlainString() + " " + unit;
  }

  private static BigDecimal bytes(BigDecimal amount, int power) {
    return amount.multiply(BigDecimal.valueOf(1024).pow(power)).setScale(0, RoundingMode.DOWN);
  }
}
