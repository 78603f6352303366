package dev.phistream.bench;

import dev.phistream.event.Classification;
import dev.phistream.schema.SingleObjectCodec;
import dev.phistream.schema.UnreadableRecordException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Results as a consumer sees them that reads only what is committed.
 *
 * @param perSecond results per second, from the call to the last one
 * @param meanBatch mean size of their micro-batches
 */
record ResultCount(double perSecond, double meanBatch) {
  private static final Duration POLL = Duration.ofMillis(100);

  /**
   * Waits for the results of {@code count} events.
   *
   * @throws TimeoutException when they do not come in time
   * @throws IllegalStateException when an event has two results
   */
  static ResultCount await(String bootstrap, String topic, int count, Duration timeout)
      throws TimeoutException {
    long started = System.nanoTime();
    Set<String> seen = new HashSet<>();
    long batchSizes = 0;
    long lastArrived = started;
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(bootstrap)) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(partition -> new TopicPartition(topic, partition.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (seen.size() < count) {
        for (ConsumerRecord<byte[], byte[]> result : consumer.poll(POLL)) {
          Classification classification = read(result);
          if (!seen.add(classification.getEventId())) {
            throw new IllegalStateException(classification.getEventId() + " has two results");
          }
          batchSizes += classification.getBatchSize();
          lastArrived = System.nanoTime();
        }
        if (System.nanoTime() - started > timeout.toNanos()) {
          throw new TimeoutException(
              "%d of %d results within %d s".formatted(seen.size(), count, timeout.toSeconds()));
        }
      }
    }
    return new ResultCount(
        count / ((lastArrived - started) / 1e9), (double) batchSizes / seen.size());
  }

  private static Classification read(ConsumerRecord<byte[], byte[]> result) {
    try {
      return SingleObjectCodec.classifications().decode(result.value());
    } catch (UnreadableRecordException e) {
      throw new IllegalStateException("a result that is none", e);
    }
  }

  private static KafkaConsumer<byte[], byte[]> consumer(String bootstrap) {
    return new KafkaConsumer<>(
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrap,
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            "read_committed"),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }
}
