package dev.phistream.wire;

import dev.phistream.event.ImageEvent;
import dev.phistream.schema.SingleObjectCodec;
import dev.phistream.schema.UnreadableRecordException;

/**
 * Image events in the Confluent wire format. Takes Avro single objects as well, so that a topic
 * stays readable when a registry is brought in. Thread-safe.
 */
final class RegistryEventReader implements EventReader {
  private final ConfluentFormat<ImageEvent> confluent;
  private final AvroEventReader singleObjects = new AvroEventReader();

  RegistryEventReader(SchemaRegistry registry) {
    this.confluent = new ConfluentFormat<>(registry, ImageEvent.getClassSchema());
  }

  /**
   * {@inheritDoc}
   *
   * @throws SchemaRegistryException when the registry does not say what the record's schema is
   */
  @Override
  public ImageEvent read(EventRecord record) throws UnreadableEventException {
    byte[] value = record.requireValue("an image event");
    if (SingleObjectCodec.isSingleObject(value)) {
      return singleObjects.read(record);
    }
    try {
      return confluent.read(value);
    } catch (UnreadableRecordException e) {
      throw new UnreadableEventException(
          ErrorCode.EVENT_UNREADABLE, String.valueOf(e.getMessage()), e);
    }
  }
}
