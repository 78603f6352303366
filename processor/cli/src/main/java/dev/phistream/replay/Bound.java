package dev.phistream.replay;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a replay begins or ends, as somebody said it. */
public sealed interface Bound {
  /** The first event that there is. */
  record Earliest() implements Bound {}

  /** Behind the last event that is committed when the replay is planned. */
  record Latest() implements Bound {}

  /** The first event of this time or later. */
  record At(Instant time) implements Bound {}

  /**
   * These offsets; partitions that are not named are left out.
   *
   * @param byPartition offsets, 0 or more
   */
  record Offsets(Map<Integer, Long> byPartition) implements Bound {
    /** Copies the map. */
    public Offsets {
      byPartition = Map.copyOf(byPartition);
    }
  }

  /**
   * Reads a bound.
   *
   * @param name the option that says it, for messages
   * @param now what relative times count from
   * @throws IllegalArgumentException when it is in no form that is known
   */
  static Bound parse(String name, String text, Instant now) {
    String stripped = text.strip();
    if (stripped.equalsIgnoreCase("earliest")) {
      return new Earliest();
    }
    if (stripped.equalsIgnoreCase("latest")) {
      return new Latest();
    }
    Instant time = Forms.relative(stripped, now);
    if (time == null) {
      time = Forms.absolute(stripped);
    }
    if (time != null) {
      return new At(time);
    }
    Map<Integer, Long> offsets = Forms.offsets(name, stripped);
    if (offsets != null) {
      return new Offsets(offsets);
    }
    throw new IllegalArgumentException(
        "%s: %s (expected: a time such as 2026-11-01T00:00:00Z or 2026-11-01, a time ago such as -7d, earliest, latest, or offsets such as 0:1200,1:1180)"
            .formatted(name, text));
  }

  /** The forms of text. */
  final class Forms {
    private static final Pattern AGO = Pattern.compile("-(\\d{1,6})(s|m|h|d|w)");
    private static final Pattern OFFSETS =
        Pattern.compile("\\d{1,9}:\\d{1,18}(,\\d{1,9}:\\d{1,18})*");
    private static final int DAYS_PER_WEEK = 7;

    private Forms() {}

    private static @Nullable Instant relative(String text, Instant now) {
      Matcher ago = AGO.matcher(text);
      if (!ago.matches()) {
        return null;
      }
      long amount = Long.parseLong(ago.group(1));
      return now.minus(
          switch (ago.group(2)) {
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            case "d" -> Duration.ofDays(amount);
            default -> Duration.ofDays(DAYS_PER_WEEK * amount);
          });
    }

    /** Times without a zone are UTC, dates midnight. */
    private static @Nullable Instant absolute(String text) {
      try {
        return OffsetDateTime.parse(text).toInstant();
      } catch (DateTimeException e) {
        // perhaps without a zone
      }
      try {
        return LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
      } catch (DateTimeException e) {
        // perhaps a date
      }
      try {
        return LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
      } catch (DateTimeException e) {
        return null;
      }
    }

    private static @Nullable Map<Integer, Long> offsets(String name, String text) {
      if (!OFFSETS.matcher(text).matches()) {
        return null;
      }
      Map<Integer, Long> offsets = new TreeMap<>();
      for (String part : text.split(",", -1)) {
        int colon = part.indexOf(':');
        int partition = Integer.parseInt(part.substring(0, colon));
        if (offsets.put(partition, Long.parseLong(part.substring(colon + 1))) != null) {
          throw new IllegalArgumentException(
              "%s: %s names partition %d twice (expected: once)".formatted(name, text, partition));
        }
      }
      return offsets;
    }
  }
}
