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
 */
record PendingEvent(
    String topic,
    int partition,
    long offset,
    long timestamp,
    byte @Nullable [] key,
    byte @Nullable [] value,
    Headers headers) {

  /** An event at its place. */
  static PendingEvent of(Record<byte[], byte[]> record, RecordMetadata place) {
    return new PendingEvent(
        place.topic(),
        place.partition(),
        place.offset(),
        record.timestamp(),
        record.key(),
        record.value(),
        record.headers());
  }

  /** The same for an {@link dev.phistream.wire.EventReader}. */
  EventRecord record() {
    return new EventRecord(topic, partition, offset, timestamp, key, value, headers);
  }

  /** Bytes of key and value, what the window counts. */
  long payloadBytes() {
    return (key == null ? 0L : key.length) + (value == null ? 0L : value.length);
  }

  /** The same event without its value. */
  PendingEvent withoutValue() {
    return new PendingEvent(topic, partition, offset, timestamp, key, null, headers);
  }
}
