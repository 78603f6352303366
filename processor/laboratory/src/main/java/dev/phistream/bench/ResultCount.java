package dev.phistream.bench;

import dev.phistream.client.TopicReader;
import dev.phistream.event.Classification;
import dev.phistream.kafka.ClusterException;
import dev.phistream.kafka.KafkaConnection;
import dev.phistream.schema.SingleObjectCodec;
import dev.phistream.schema.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Counts results as a consumer sees them that reads only what is committed. An event is known by
 * its key, and counts once.
 */
final class ResultCount {
  private static final SingleObjectCodec<Classification> CODEC =
      SingleObjectCodec.classifications();

  private final Set<String> seen = new HashSet<>();
  private final boolean classifications;
  private double batches;
  private double firstTakenMillis = Double.MAX_VALUE;
  private long lastSeenMillis;

  private ResultCount(boolean classifications) {
    this.classifications = classifications;
  }

  /**
   * Waits for the results of {@code count} events.
   *
   * @param classifications whether they are Phistream's, which say more than that they are there
   * @throws BenchException when they do not come in time
   */
  static ResultCount await(
      KafkaConnection kafka, String topic, int count, Duration timeout, boolean classifications)
      throws ClusterException, BenchException {
    ResultCount results = new ResultCount(classifications);
    try (TopicReader reader = TopicReader.open(kafka, List.of(topic))) {
      reader.readFor(
          timeout,
          record -> {
            results.add(record);
            return results.seen.size() < count;
          });
    }
    if (results.seen.size() < count) {
      throw new BenchException(
          "%d of %d results within %d s; on a slow machine, measure less"
              .formatted(results.seen.size(), count, timeout.toSeconds()));
    }
    return results;
  }

  /** From when the first event was taken off its topic until the last result was seen. */
  double perSecond() {
    return perSecond(firstTakenMillis);
  }

  /** The same where the results do not say when that was. */
  double perSecond(double takenMillis) {
    return seen.size() * 1000.0 / (lastSeenMillis - takenMillis);
  }

  /** Mean size of the micro-batches. */
  double meanBatch() {
    return seen.size() / batches;
  }

  private void add(ConsumerRecord<byte[], byte[]> record) {
    if (!seen.add(new String(record.key(), StandardCharsets.UTF_8))) {
      return; // at least once
    }
    if (classifications) {
      Classification result = classification(record);
      batches += 1.0 / result.getBatchSize();
      firstTakenMillis =
          Math.min(
              firstTakenMillis,
              result.getClassifiedAt().toEpochMilli() - result.getTimings().getTotalMs());
    }
    lastSeenMillis = System.currentTimeMillis();
  }

  static Classification classification(ConsumerRecord<byte[], byte[]> record) {
    try {
      return CODEC.decode(record.value());
    } catch (UnreadableRecordException e) {
      throw new IllegalStateException("a result that is none", e);
    }
  }
}
