package dev.phistream.wire;

import dev.phistream.event.ImageEvent;
import dev.phistream.schema.SingleObjectCodec;
import dev.phistream.schema.UnreadableRecordException;

/** Image events as Avro single objects. Thread-safe. */
public final class AvroEventReader implements EventReader {
  private final SingleObjectCodec<ImageEvent> codec = SingleObjectCodec.imageEvents();

  @Override
  public ImageEvent read(EventRecord record) throws UnreadableEventException {
    byte[] value = record.requireValue("an image event");
    try {
      return codec.decode(value);
    } catch (UnreadableRecordException e) {
      throw new UnreadableEventException(
          ErrorCode.EVENT_UNREADABLE, e.getMessage() + remedy(value[0]), e);
    }
  }

  /** What the first byte says that the sender may have meant. */
  private static String remedy(byte first) {
    return switch (first) {
      case 0 -> "; if it is of the Confluent wire format, set schema-registry.url";
      case (byte) 0xFF, (byte) 0x89 -> "; if it is a plain image, set input.format to raw";
      default -> "";
    };
  }
}
