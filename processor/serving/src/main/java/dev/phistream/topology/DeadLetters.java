package dev.phistream.topology;

import dev.phistream.pipeline.ClassificationException;
import dev.phistream.routing.ShedException;
import dev.phistream.routing.UnknownVariantException;
import dev.phistream.wire.ErrorCode;
import dev.phistream.wire.UnreadableEventException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Makes dead letters: the event's own bytes, key and headers, and in further headers what went
 * wrong and where the event stands. Header names are those of Kafka Streams where it has one
 * (KIP-1034).
 */
final class DeadLetters {
  private static final int MAX_STACK_TRACE_CHARS = 4096;

  private DeadLetters() {}

  static Record<byte[], byte[]> of(PendingEvent event, Throwable error) {
    Headers headers = new RecordHeaders(event.headers());
    put(headers, HeaderNames.ERROR_CODE, code(error));
    put(headers, HeaderNames.STREAMS_ERRORS + "exception", error.getClass().getName());
    put(headers, HeaderNames.STREAMS_ERRORS + "message", String.valueOf(error.getMessage()));
    put(headers, HeaderNames.STREAMS_ERRORS + "stacktrace", stackTrace(error));
    put(headers, HeaderNames.STREAMS_ERRORS + "topic", event.topic());
    put(headers, HeaderNames.STREAMS_ERRORS + "partition", String.valueOf(event.partition()));
    put(headers, HeaderNames.STREAMS_ERRORS + "offset", String.valueOf(event.offset()));
    return new Record<>(event.key(), event.value(), event.timestamp(), headers);
  }

  static String code(Throwable error) {
    if (error instanceof ClassificationException e) {
      return e.code();
    }
    if (error instanceof UnreadableEventException e) {
      return e.code().id();
    }
    if (error instanceof UnknownVariantException) {
      return ErrorCode.VARIANT_UNKNOWN.id();
    }
    return (error instanceof ShedException ? ErrorCode.OVERLOADED : ErrorCode.INTERNAL).id();
  }

  private static void put(Headers headers, String name, String value) {
    headers.remove(name); // a redriven event may carry an earlier one
    headers.add(name, value.getBytes(StandardCharsets.UTF_8));
  }

  private static String stackTrace(Throwable error) {
    StringWriter text = new StringWriter();
    error.printStackTrace(new PrintWriter(text));
    String trace = text.toString();
    return trace.length() <= MAX_STACK_TRACE_CHARS
        ? trace
        : trace.substring(0, MAX_STACK_TRACE_CHARS);
  }
}
