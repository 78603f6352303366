package dev.phistream.topology;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.phistream.event.Tier;
import dev.phistream.routing.Route;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What a router tells a classifier of an event, in one header: where the event stands, when it came
 * and how it was routed.
 *
 * @param topic where the event stands
 * @param partition where it stands
 * @param offset where it stands
 * @param arrived when the router took it, milliseconds since the epoch by the router's clock
 * @param tier as in {@link Route}
 * @param variant as in {@link Route}
 * @param maxDelayMs as in {@link Route}
 * @param objectiveMs as in {@link Route}
 * @param degraded why a smaller variant than the wanted one was taken, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record RouteHeader(
    String topic,
    int partition,
    long offset,
    long arrived,
    Tier tier,
    String variant,
    double maxDelayMs,
    @Nullable Double objectiveMs,
    @Nullable String degraded) {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final double NANOS_PER_MILLI = 1e6;
  private static final int MAX_TOPIC_LENGTH = 249;

  /**
   * Of an event that a router took.
   *
   * @param budget time within which the answer is wanted, or null for the route's objective
   */
  static RouteHeader of(PendingEvent event, long arrived, Route route, @Nullable Duration budget) {
    Duration objective = budget == null ? route.objective() : budget;
    Duration maxDelay = route.maxDelay();
    return new RouteHeader(
        event.topic(),
        event.partition(),
        event.offset(),
        arrived,
        route.tier(),
        route.variant(),
        (budget != null && budget.compareTo(maxDelay) < 0 ? budget : maxDelay).toNanos()
            / NANOS_PER_MILLI,
        objective == null ? null : objective.toNanos() / NANOS_PER_MILLI,
        route.degraded() == null ? null : route.degraded().text());
  }

  /** Replaces the header, if there is one. */
  void writeTo(Headers headers) {
    headers.remove(HeaderNames.ROUTE);
    try {
      headers.add(HeaderNames.ROUTE, MAPPER.writeValueAsBytes(this));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e); // cannot be: nothing is read, and memory takes the bytes
    }
  }

  /** The header, or null when there is none that could be read. */
  static @Nullable RouteHeader read(Headers headers) {
    Header header = headers.lastHeader(HeaderNames.ROUTE);
    if (header == null || header.value() == null) {
      return null;
    }
    try {
      RouteHeader route = MAPPER.readValue(header.value(), RouteHeader.class);
      return route != null && route.isWhole() ? route : null;
    } catch (IOException e) {
      return null;
    }
  }

  /** Anybody may write to the topic, so nothing is taken for granted. */
  private boolean isWhole() {
    return topic != null
        && topic.length() <= MAX_TOPIC_LENGTH
        && partition >= 0
        && offset >= 0
        && tier != null
        && tier != Tier.DEFAULT
        && variant != null
        && isTime(maxDelayMs)
        && (objectiveMs == null || isTime(objectiveMs));
  }

  private static boolean isTime(double millis) {
    return millis >= 0 && millis <= Integer.MAX_VALUE;
  }
}
