package dev.phistream.wire;

import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A record of the input topic, as it stands there.
 *
 * @param topic where it stands
 * @param partition where it stands
 * @param offset where it stands
 * @param timestamp milliseconds since the epoch
 * @param key as sent, or null
 * @param value as sent, or null
 * @param headers as sent
 */
public record EventRecord(
    String topic,
    int partition,
    long offset,
    long timestamp,
    byte @Nullable [] key,
    byte @Nullable [] value,
    Headers headers) {

  /**
   * The value, of at least one byte.
   *
   * @param expected what the value should be
   * @throws UnreadableEventException when there is none
   */
  byte[] requireValue(String expected) throws UnreadableEventException {
    if (value == null || value.length == 0) {
      throw new UnreadableEventException(
          ErrorCode.EVENT_EMPTY, "value: none (expected: " + expected + ")", null);
    }
    return value;
  }

  /** The same record with another value. */
  EventRecord withValue(byte[] other) {
    return new EventRecord(topic, partition, offset, timestamp, key, other, headers);
  }
}
