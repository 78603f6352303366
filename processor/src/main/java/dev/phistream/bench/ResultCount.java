package dev.phistream.bench;

import dev.phistream.client.ClientException;
import dev.phistream.client.KafkaConnection;
import dev.phistream.client.TopicReader;
import dev.phistream.event.Classification;
import dev.phistream.schema.SingleObjectCodec;
import dev.phistream.schema.UnreadableRecordException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Counts results as a consumer sees them that reads only what is committed. */
final class ResultCount {
  private final Set<String> seen = new HashSet<>();
  private long batchSizes;
  private long started;
  private long lastArrived;

  private ResultCount() {}

  /**
   * Waits for the results of {@code count} events.
   *
   * @throws TimeoutException when they do not come in time
   * @throws IllegalStateException when an event has two results
   */
  static ResultCount await(KafkaConnection kafka, String topic, int count, Duration timeout)
      throws ClientException, TimeoutException {
    ResultCount results = new ResultCount();
    try (TopicReader reader = TopicReader.open(kafka, List.of(topic))) {
      results.started = System.nanoTime();
      reader.readFor(
          timeout,
          record -> {
            results.add(record);
            return results.seen.size() < count;
          });
    }
    if (results.seen.size() < count) {
      throw new TimeoutException(
          "%d of %d results within %d s"
              .formatted(results.seen.size(), count, timeout.toSeconds()));
    }
    return results;
  }

  /** Results per second, from the beginning of the waiting to the last one. */
  double perSecond() {
    return seen.size() / ((lastArrived - started) / 1e9);
  }

  /** Mean size of the micro-batches in which an event was answered. */
  double meanBatch() {
    return (double) batchSizes / seen.size();
  }

  private void add(ConsumerRecord<byte[], byte[]> record) {
    Classification result;
    try {
      result = SingleObjectCodec.classifications().decode(record.value());
    } catch (UnreadableRecordException e) {
      throw new IllegalStateException("a result that is none", e);
    }
    if (!seen.add(result.getEventId())) {
      throw new IllegalStateException(result.getEventId() + " has two results");
    }
    batchSizes += result.getBatchSize();
    lastArrived = System.nanoTime();
  }
}
