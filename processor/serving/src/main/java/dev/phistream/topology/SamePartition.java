package dev.phistream.topology;

import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.jspecify.annotations.Nullable;

/**
 * Keeps routed events in the partition from which they come, also those without a key, so that
 * their order stays. Thread-safe.
 */
final class SamePartition implements StreamPartitioner<byte[], byte[]> {
  @Override
  public Optional<Set<Integer>> partitions(
      String topic,
      byte @Nullable [] key,
      byte @Nullable [] value,
      Headers headers,
      int partitions) {
    RouteHeader route = RouteHeader.read(headers);
    if (route == null) {
      throw new IllegalStateException("a routed event without header " + HeaderNames.ROUTE);
    }
    return Optional.of(Set.of(route.partition() % partitions));
  }

  @Override
  @Deprecated(forRemoval = true)
  @SuppressWarnings({"removal", "InlineMeSuggester"}) // must be there until Kafka removes it
  public Optional<Set<Integer>> partitions(
      String topic, byte @Nullable [] key, byte @Nullable [] value, int partitions) {
    throw new UnsupportedOperationException("headers say which partition");
  }
}
