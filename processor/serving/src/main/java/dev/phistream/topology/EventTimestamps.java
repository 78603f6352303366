package dev.phistream.topology;

import java.time.Clock;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * Takes records' timestamps so that neither Kafka Streams nor the ledger's changelog refuses an
 * event for its time: a negative one (no timestamp, or a broken clock) becomes the present, one far
 * ahead becomes {@link #MOST_AHEAD} ahead. Never throws. Thread-safe.
 */
record EventTimestamps(Clock clock) implements TimestampExtractor {
  /** As much as clocks of machines may well differ. */
  static final Duration MOST_AHEAD = Duration.ofMinutes(1);

  @Override
  public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
    long now = Math.max(0, clock.millis());
    long timestamp = record.timestamp();
    return timestamp < 0 ? now : Math.min(timestamp, now + MOST_AHEAD.toMillis());
  }
}
