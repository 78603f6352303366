package dev.phistream.topology;

import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * Where an event stands.
 *
 * @param topic its topic
 * @param partition its partition
 * @param offset its offset
 */
record RecordPosition(String topic, int partition, long offset) {
  static RecordPosition of(PendingEvent event) {
    return new RecordPosition(event.topic(), event.partition(), event.offset());
  }

  static RecordPosition of(RecordMetadata place) {
    return new RecordPosition(place.topic(), place.partition(), place.offset());
  }
}
