package dev.phistream.topology;

import dev.phistream.wire.EventRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * An event that has been taken from its topic and not been answered yet: all of it, so that it can
 * be answered after a crash.
 *
 * @param topic where it stands
 * @param partition where it stands
 * @param offset where it stands
 * @param timestamp the record's timestamp, milliseconds since the epoch
 * @param key the record's key, or null
 * @param value the record's value, or null
 * @param headers the record's headers
 * @param failures how often its task has failed while it was in flight
 */
record PendingEvent(
    String topic,
    int partition,
    long offset,
    long timestamp,
    byte @Nullable [] key,
    byte @Nullable [] value,
    Headers headers,
    int failures) {

  /** An event at its place. */
  static PendingEvent of(Record<byte[], byte[]> record, RecordMetadata place) {
    return new PendingEvent(
        place.topic(),
        place.partition(),
        place.offset(),
        record.timestamp(),
        record.key(),
        record.value(),
        record.headers(),
        0);
  }

  /** The same for an {@link dev.phistream.wire.EventReader}. */
  EventRecord record() {
    return new EventRecord(topic, partition, offset, timestamp, key, value, headers);
  }

  /** Bytes of the whole record, as {@link RecordSize} counts. */
  long size() {
    return RecordSize.of(key, value, headers);
  }

  /** The same event, with another count of failures. */
  PendingEvent withFailures(int count) {
    return new PendingEvent(topic, partition, offset, timestamp, key, value, headers, count);
  }

  /** The same event without its value. */
  PendingEvent withoutValue() {
    return new PendingEvent(topic, partition, offset, timestamp, key, null, headers, failures);
  }
}
