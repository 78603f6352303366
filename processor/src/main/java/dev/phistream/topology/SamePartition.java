package dev.phistream.topology;

import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.jspecify.annotations.Nullable;

/**
 * Keeps records in the partition from which they come, also those without a key, so that their
 * order stays. A partitioner is not told of it; but a record is forwarded to its sink by the thread
 * that took it. Thread-safe.
 */
final class SamePartition implements StreamPartitioner<byte[], byte[]> {
  @SuppressWarnings("ThreadLocalUsage") // one for each topology
  private final ThreadLocal<Integer> partition = new ThreadLocal<>();

  /** Says where the records come from that this thread forwards next. */
  void comingFrom(int source) {
    partition.set(source);
  }

  @Override
  public Optional<Set<Integer>> partitions(
      String topic, byte @Nullable [] key, byte @Nullable [] value, int partitions) {
    return Optional.of(Set.of(partition.get() % partitions));
  }
}
