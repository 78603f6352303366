package dev.phistream.wire;

import dev.phistream.event.ImageEvent;

/** Makes an image event of a record, whatever its wire format. Thread-safe. */
@FunctionalInterface
public interface EventReader {
  /**
   * Reads a record.
   *
   * @throws UnreadableEventException when the record is no image event; it becomes a dead letter
   */
  ImageEvent read(EventRecord record) throws UnreadableEventException;
}
