package dev.phistream.wire;

import dev.phistream.event.Classification;

/** Makes a record's value of a classification, in some wire format. Thread-safe. */
@FunctionalInterface
public interface ResultWriter {
  /**
   * Serialises.
   *
   * @param topic where the record will go; schema registries name schemas by it
   */
  byte[] write(String topic, Classification classification);

  /** The media type of what it writes. */
  default String contentType() {
    return "application/avro";
  }
}
