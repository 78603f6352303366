package dev.phistream.topology;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Set;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Headers of results. The event's own pass through, but for those that would say something wrong of
 * a result: names that begin with {@code phistream-} are ours alone, and {@code content-type} and
 * the attributes of CloudEvents describe the value, which is another now.
 */
final class ResultHeaders {
  private static final String OURS = "phistream-";
  private static final String CONTENT_TYPE = "content-type";
  private static final String CLOUD_EVENT = "ce_specversion";
  private static final String CLOUD_EVENT_TYPE = "dev.phistream.classification";

  /** What CloudEvents say of the value that is gone. */
  private static final Set<String> OF_VALUE =
      Set.of(
          CONTENT_TYPE,
          "ce_id",
          "ce_source",
          "ce_type",
          "ce_time",
          "ce_subject",
          "ce_dataschema",
          "ce_datacontenttype");

  private ResultHeaders() {}

  /**
   * Headers of a result.
   *
   * @param event of which the result is
   * @param eventId names it
   * @param topic where the result goes
   * @param contentType of the result's value
   */
  static Headers of(
      PendingEvent event, String eventId, String topic, String contentType, Instant now) {
    Headers headers = new RecordHeaders();
    for (Header header : event.headers()) {
      if (!header.key().startsWith(OURS) && !OF_VALUE.contains(header.key())) {
        headers.add(header);
      }
    }
    put(headers, CONTENT_TYPE, contentType);
    if (event.headers().lastHeader(CLOUD_EVENT) != null) {
      // The event's id is unique within the topic of its results; so source and id name a result.
      put(headers, "ce_id", eventId);
      put(headers, "ce_source", "/phistream/" + topic);
      put(headers, "ce_type", CLOUD_EVENT_TYPE);
      put(headers, "ce_subject", eventId);
      put(headers, "ce_time", now.toString());
    }
    put(headers, HeaderNames.ORIGIN, origin(event));
    return headers;
  }

  /** Where an event stands, {@code topic-partition@offset}. */
  static String origin(PendingEvent event) {
    return "%s-%d@%d".formatted(event.topic(), event.partition(), event.offset());
  }

  static void put(Headers headers, String name, String value) {
    headers.remove(name);
    headers.add(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
