package dev.phistream.wire;

import dev.phistream.event.ImageEvent;
import dev.phistream.event.Tier;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Plain encoded images as values. What else there is to know comes from optional headers, text in
 * UTF-8: {@code id}, {@code source}, {@code content-type}, {@code tier}, {@code variant}, {@code
 * budget-ms}, {@code top-k}, or CloudEvents' {@code ce_id}, {@code ce_source} and {@code ce_time}.
 * Without an id, the record's place names the event: {@code topic-partition-offset}. Thread-safe.
 */
public final class RawEventReader implements EventReader {
  @Override
  public ImageEvent read(EventRecord record) throws UnreadableEventException {
    byte[] image = record.requireValue("an encoded image");
    Headers headers = record.headers();
    String place = record.topic() + "-" + record.partition() + "-" + record.offset();
    return ImageEvent.newBuilder()
        .setId(firstText(headers, place, "id", "ce_id"))
        .setSource(firstText(headers, record.topic(), "source", "ce_source"))
        .setCapturedAt(capturedAt(headers, record.timestamp()))
        .setImage(ByteBuffer.wrap(image))
        .setContentType(text(headers, "content-type"))
        .setTier(tier(headers))
        .setVariant(text(headers, "variant"))
        .setLatencyBudgetMs(integer(headers, "budget-ms"))
        .setTopK(integer(headers, "top-k"))
        .setAttributes(Map.of())
        .build();
  }

  private static Instant capturedAt(Headers headers, long timestamp)
      throws UnreadableEventException {
    String time = text(headers, "ce_time");
    if (time == null) {
      return Instant.ofEpochMilli(timestamp);
    }
    try {
      return OffsetDateTime.parse(time).toInstant();
    } catch (DateTimeException e) {
      throw invalid("ce_time", time, "an RFC 3339 time", e);
    }
  }

  private static Tier tier(Headers headers) throws UnreadableEventException {
    String tier = text(headers, "tier");
    if (tier == null) {
      return Tier.DEFAULT;
    }
    try {
      return Tier.valueOf(tier.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw invalid("tier", tier, "one of " + Arrays.toString(Tier.values()), e);
    }
  }

  private static @Nullable Integer integer(Headers headers, String name)
      throws UnreadableEventException {
    String number = text(headers, name);
    try {
      return number == null ? null : Integer.valueOf(number.strip());
    } catch (NumberFormatException e) {
      throw invalid(name, number, "a whole number", e);
    }
  }

  private static String firstText(Headers headers, String otherwise, String... names) {
    return Arrays.stream(names)
        .map(name -> text(headers, name))
        .filter(text -> text != null && !text.isEmpty())
        .findFirst()
        .orElse(otherwise);
  }

  private static @Nullable String text(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null || header.value() == null
        ? null
        : new String(header.value(), StandardCharsets.UTF_8);
  }

  private static UnreadableEventException invalid(
      String header, @Nullable String value, String expected, Exception cause) {
    return new UnreadableEventException(
        ErrorCode.EVENT_INVALID,
        "header %s: %s (expected: %s)".formatted(header, value, expected),
        cause);
  }
}
