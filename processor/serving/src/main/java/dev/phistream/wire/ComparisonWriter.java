package dev.phistream.wire;

import dev.phistream.event.Comparison;

/** Makes a record's value of a comparison, in some wire format. Thread-safe. */
@FunctionalInterface
public interface ComparisonWriter {
  /**
   * Serialises.
   *
   * @param topic where the record will go; schema registries name schemas by it
   */
  byte[] write(String topic, Comparison comparison);
}
