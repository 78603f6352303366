package dev.phistream.topology;

import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/** Slot keys as bytes: owner and slot, big endian. Thread-safe. */
final class SlotKeySerde implements Serde<SlotKey> {
  private static final int SIZE = Long.BYTES + Integer.BYTES;

  @Override
  public Serializer<SlotKey> serializer() {
    return (topic, key) -> write(key);
  }

  @Override
  public Deserializer<SlotKey> deserializer() {
    return (topic, bytes) -> read(bytes);
  }

  static byte[] write(SlotKey key) {
    return ByteBuffer.allocate(SIZE).putLong(key.owner()).putInt(key.slot()).array();
  }

  private static SlotKey read(byte[] bytes) {
    if (bytes.length != SIZE) {
      throw new SerializationException(
          "ledger key of %d bytes (expected: %d); it was written by another Phistream, run that version until the window is empty"
              .formatted(bytes.length, SIZE));
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    return new SlotKey(in.getLong(), in.getInt());
  }
}
