package dev.phistream.topology;

import dev.phistream.pipeline.ClassificationException;
import dev.phistream.routing.ShedException;
import dev.phistream.routing.UnknownVariantException;
import dev.phistream.text.EventText;
import dev.phistream.wire.ErrorCode;
import dev.phistream.wire.UnreadableEventException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Makes dead letters: the event's own bytes, key and headers, and in further headers what went
 * wrong and where the event stands. Header names are those of Kafka Streams where it has one
 * (KIP-1034).
 *
 * <p>A letter that its topic would not take is made without the event's value and headers. Such a
 * last-resort letter has some 2 kB whatever the event was, and still points at it.
 *
 * @param topic where the letters go
 * @param limits say what that topic takes
 */
record DeadLetters(String topic, OutputLimits limits) {
  /** A topic must take this much, so that there is a letter for every event. */
  static final int LAST_RESORT_BYTES = 8 * 1024;

  private static final int MAX_STACK_TRACE_BYTES = 4096;
  private static final int MAX_KEY_BYTES = 1024;

  Record<byte[], byte[]> of(PendingEvent event, Throwable error, long nowMillis) {
    TopicLimits taken = limits.of(topic);
    long timestamp = taken.acceptable(event.timestamp(), nowMillis);
    // Measured first: a copy of a long event is not for free.
    if (RecordSize.of(event.key(), event.value(), event.headers()) + LAST_RESORT_BYTES
        <= taken.maxBytes()) {
      Headers headers = new RecordHeaders(event.headers());
      describe(headers, event, error);
      put(headers, HeaderNames.STREAMS_ERRORS + "stacktrace", stackTrace(error));
      return new Record<>(event.key(), event.value(), timestamp, headers);
    }
    return lastResort(event, error, timestamp);
  }

  /** The letter that fits always. */
  static Record<byte[], byte[]> lastResort(PendingEvent event, Throwable error, long timestamp) {
    Headers headers = new RecordHeaders();
    describe(headers, event, error);
    put(headers, HeaderNames.OMITTED, String.valueOf(length(event.value())));
    byte[] key = event.key();
    return new Record<>(
        key == null || key.length > MAX_KEY_BYTES ? null : key, null, timestamp, headers);
  }

  static String code(Throwable error) {
    if (error instanceof ClassificationException e) {
      return e.code();
    }
    if (error instanceof UnreadableEventException e) {
      return e.code().id();
    }
    if (error instanceof RejectedEventException e) {
      return e.code().id();
    }
    if (error instanceof UnknownVariantException) {
      return ErrorCode.VARIANT_UNKNOWN.id();
    }
    return (error instanceof ShedException ? ErrorCode.OVERLOADED : ErrorCode.INTERNAL).id();
  }

  private static void describe(Headers headers, PendingEvent event, Throwable error) {
    headers.remove(HeaderNames.OMITTED); // a redriven event may carry an earlier one
    put(headers, HeaderNames.ERROR_CODE, code(error));
    put(headers, HeaderNames.STREAMS_ERRORS + "exception", error.getClass().getName());
    put(
        headers,
        HeaderNames.STREAMS_ERRORS + "message",
        EventText.excerpt(String.valueOf(error.getMessage())));
    put(headers, HeaderNames.STREAMS_ERRORS + "topic", event.topic());
    put(headers, HeaderNames.STREAMS_ERRORS + "partition", String.valueOf(event.partition()));
    put(headers, HeaderNames.STREAMS_ERRORS + "offset", String.valueOf(event.offset()));
  }

  private static void put(Headers headers, String name, String value) {
    headers.remove(name);
    headers.add(name, value.getBytes(StandardCharsets.UTF_8));
  }

  private static int length(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }

  private static String stackTrace(Throwable error) {
    StringWriter text = new StringWriter();
    error.printStackTrace(new PrintWriter(text));
    return EventText.excerpt(text.toString(), MAX_STACK_TRACE_BYTES);
  }
}
