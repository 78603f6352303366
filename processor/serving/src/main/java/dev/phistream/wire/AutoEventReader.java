package dev.phistream.wire;

import dev.phistream.event.ImageEvent;

/**
 * Tells the format of each record by its first bytes: an Avro single object, with a registry also
 * the Confluent wire format; a JSON object; an image in base64 or a data URL; else the bytes of an
 * image. Thread-safe.
 */
final class AutoEventReader implements EventReader {
  /** Avro 1.12 specification, single-object encoding. */
  private static final int SINGLE_OBJECT = 0xC301;

  private final EventReader avro;
  private final boolean confluent;
  private final EventReader json;
  private final EventReader raw;

  AutoEventReader(EventReader avro, boolean confluent, EventReader json, EventReader raw) {
    this.avro = avro;
    this.confluent = confluent;
    this.json = json;
    this.raw = raw;
  }

  @Override
  public ImageEvent read(EventRecord record) throws UnreadableEventException {
    byte[] value = record.requireValue("an image or an image event");
    boolean singleObject =
        value.length > 1 && (((value[0] & 0xff) << 8) | (value[1] & 0xff)) == SINGLE_OBJECT;
    if (singleObject || (confluent && value[0] == 0)) {
      return avro.read(record);
    }
    if (isObject(value)) {
      return json.read(record);
    }
    byte[] image = TextImage.decode(value);
    return raw.read(image == null ? record : record.withValue(image));
  }

  private static boolean isObject(byte[] value) {
    for (byte character : value) {
      if (character > ' ' || character < 0) {
        return character == '{';
      }
    }
    return false;
  }
}
