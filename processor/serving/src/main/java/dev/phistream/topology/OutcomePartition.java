package dev.phistream.topology;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.jspecify.annotations.Nullable;

/**
 * Sends what becomes of an event to the partition in which the event stands, so that its order
 * stays: also without a key, and whatever partitioner the sender has. If the output topic has fewer
 * partitions, some of the input's share one. Thread-safe.
 *
 * @param partition tells the event's partition by the headers of what became of it
 */
record OutcomePartition(Function<Headers, OptionalInt> partition)
    implements StreamPartitioner<byte[], byte[]> {

  /** For events on their way from a router to a classifier. */
  static OutcomePartition ofRouted() {
    return new OutcomePartition(
        headers -> {
          RouteHeader route = RouteHeader.read(headers);
          return route == null ? OptionalInt.empty() : OptionalInt.of(route.partition());
        });
  }

  /** For results and comparisons. */
  static OutcomePartition ofResults() {
    return new OutcomePartition(
        headers -> {
          String origin = text(headers, HeaderNames.ORIGIN);
          int at = origin.lastIndexOf('@');
          int dash = origin.lastIndexOf('-', at);
          return number(at < 0 || dash < 0 ? "" : origin.substring(dash + 1, at));
        });
  }

  /** For dead letters. */
  static OutcomePartition ofDeadLetters() {
    return new OutcomePartition(
        headers -> number(text(headers, HeaderNames.STREAMS_ERRORS + "partition")));
  }

  @Override
  public Optional<Set<Integer>> partitions(
      String topic,
      byte @Nullable [] key,
      byte @Nullable [] value,
      Headers headers,
      int partitions) {
    OptionalInt from = partition.apply(headers);
    if (from.isEmpty()) {
      throw new IllegalStateException("a record for " + topic + " that does not say its origin");
    }
    return Optional.of(Set.of(Math.floorMod(from.getAsInt(), partitions)));
  }

  @Override
  @Deprecated(forRemoval = true)
  @SuppressWarnings({"removal", "InlineMeSuggester"}) // must be there until Kafka removes it
  public Optional<Set<Integer>> partitions(
      String topic, byte @Nullable [] key, byte @Nullable [] value, int partitions) {
    throw new UnsupportedOperationException("headers say which partition");
  }

  private static String text(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null || header.value() == null
        ? ""
        : new String(header.value(), StandardCharsets.UTF_8);
  }

  private static OptionalInt number(String text) {
    try {
      return OptionalInt.of(Integer.parseInt(text));
    } catch (NumberFormatException e) {
      return OptionalInt.empty();
    }
  }
}
