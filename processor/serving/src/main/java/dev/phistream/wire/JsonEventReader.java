package dev.phistream.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.phistream.event.ImageEvent;
import dev.phistream.event.ImageReference;
import dev.phistream.event.Tier;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Image events in JSON, with the fields of the Avro schema. Only {@code image} must be there:
 * base64 or a data URL, or an object with {@code uri}, {@code sha256} and {@code size}. Times are
 * RFC 3339 texts or milliseconds since the epoch. Without an id, the record's place names the
 * event. Unknown fields are passed over. Thread-safe.
 */
public final class JsonEventReader implements EventReader {
  private static final int DEEPEST = 8;

  /** Records are bounded by the topic; Jackson would stop texts at 20 MB. */
  private static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST)
                          .maxStringLength(Integer.MAX_VALUE)
                          .build())
                  .build())
          .build();

  @Override
  public ImageEvent read(EventRecord record) throws UnreadableEventException {
    JsonNode event = parse(record.requireValue("an image event in JSON"));
    String place = record.topic() + "-" + record.partition() + "-" + record.offset();
    return ImageEvent.newBuilder()
        .setId(text(event, "id", place))
        .setSource(text(event, "source", record.topic()))
        .setCapturedAt(capturedAt(event, record.timestamp()))
        .setImage(image(event.path("image")))
        .setContentType(optionalText(event, "contentType"))
        .setTier(tier(event))
        .setVariant(optionalText(event, "variant"))
        .setLatencyBudgetMs(integer(event, "latencyBudgetMs"))
        .setTopK(integer(event, "topK"))
        .setAttributes(attributes(event.path("attributes")))
        .build();
  }

  private static JsonNode parse(byte[] value) throws UnreadableEventException {
    JsonNode event;
    try {
      event = JSON.readTree(value);
    } catch (JsonProcessingException e) {
      throw unreadable("no JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw unreadable("no JSON: " + e.getMessage(), e);
    }
    if (!event.isObject()) {
      throw unreadable("JSON: " + event.getNodeType() + " (expected: an object)", null);
    }
    return event;
  }

  private static Object image(JsonNode image) throws UnreadableEventException {
    if (image.isTextual()) {
      String text = image.textValue();
      byte[] decoded = TextImage.anyBase64(text.getBytes(StandardCharsets.UTF_8));
      if (decoded == null) {
        throw unreadable("field image: no base64 (expected: the image's bytes in base64)", null);
      }
      return ByteBuffer.wrap(decoded);
    }
    if (image.path("uri").isTextual() && image.path("sha256").isTextual()) {
      return new ImageReference(
          image.path("uri").textValue(),
          image.path("sha256").textValue(),
          image.path("size").longValue());
    }
    throw unreadable(
        "field image: missing (expected: base64, or an object with uri, sha256 and size)", null);
  }

  private static Instant capturedAt(JsonNode event, long timestamp)
      throws UnreadableEventException {
    JsonNode time = event.path("capturedAt");
    if (time.isMissingNode() || time.isNull()) {
      return Instant.ofEpochMilli(timestamp);
    }
    if (time.canConvertToLong() && time.isIntegralNumber()) {
      return Instant.ofEpochMilli(time.longValue());
    }
    try {
      return OffsetDateTime.parse(time.asText()).toInstant();
    } catch (DateTimeException e) {
      throw invalid("capturedAt", time, "an RFC 3339 time or milliseconds", e);
    }
  }

  private static Tier tier(JsonNode event) throws UnreadableEventException {
    String tier = optionalText(event, "tier");
    if (tier == null) {
      return Tier.DEFAULT;
    }
    try {
      return Tier.valueOf(tier.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw invalid("tier", event.path("tier"), "one of " + Arrays.toString(Tier.values()), e);
    }
  }

  private static @Nullable Integer integer(JsonNode event, String name)
      throws UnreadableEventException {
    JsonNode number = event.path(name);
    if (number.isMissingNode() || number.isNull()) {
      return null;
    }
    if (!number.canConvertToInt() || !number.isIntegralNumber()) {
      throw invalid(name, number, "a whole number", null);
    }
    return number.intValue();
  }

  private static Map<String, String> attributes(JsonNode object) {
    Map<String, String> attributes = new LinkedHashMap<>();
    object.properties().forEach(field -> attributes.put(field.getKey(), field.getValue().asText()));
    return attributes;
  }

  private static String text(JsonNode event, String name, String otherwise) {
    String text = optionalText(event, name);
    return text == null || text.isEmpty() ? otherwise : text;
  }

  private static @Nullable String optionalText(JsonNode event, String name) {
    JsonNode text = event.path(name);
    return text.isMissingNode() || text.isNull() ? null : text.asText();
  }

  private static UnreadableEventException invalid(
      String field, JsonNode value, String expected, @Nullable Exception cause) {
    return new UnreadableEventException(
        ErrorCode.EVENT_INVALID,
        "field %s: %s (expected: %s)".formatted(field, shown(value), expected),
        cause);
  }

  private static String shown(JsonNode value) {
    String text = value.asText();
    return text.length() <= 80 ? text : text.substring(0, 80) + "...";
  }

  private static UnreadableEventException unreadable(String message, @Nullable Exception cause) {
    return new UnreadableEventException(ErrorCode.EVENT_UNREADABLE, message, cause);
  }
}
