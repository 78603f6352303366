package dev.phistream.client;

import dev.phistream.event.ImageEvent;
import dev.phistream.schema.SingleObjectCodec;
import org.apache.kafka.clients.producer.ProducerRecord;

/** How an image event becomes a record. Thread-safe. */
@FunctionalInterface
public interface EventFormat {
  /**
   * Makes a record.
   *
   * @throws IllegalArgumentException when the format cannot hold the event
   */
  ProducerRecord<byte[], byte[]> record(String topic, byte[] key, ImageEvent event);

  /** Avro single-object encoding. */
  static EventFormat avro() {
    SingleObjectCodec<ImageEvent> codec = SingleObjectCodec.imageEvents();
    return (topic, key, event) -> new ProducerRecord<>(topic, key, codec.encode(event));
  }

  /** The image as it is, and what else there is to know in headers; not for references. */
  static EventFormat raw() {
    return new RawFormat();
  }
}
