package dev.phistream.topology;

import org.apache.kafka.common.header.Headers;
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

  /** Bytes of key and value, what the window counts. */
  long payloadBytes() {
    return (key == null ? 0L : key.length) + (value == null ? 0L : value.length);
  }

  /** The same event without its value. */
  PendingEvent withoutValue() {
    return new PendingEvent(topic, partition, offset, timestamp, key, null, headers);
  }
}
