package dev.phistream.topology;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Pending events as bytes for the ledger's changelog: a version byte, then the fields in order, big
 * endian, byte strings with a 4-byte length before them (-1 for null). Thread-safe.
 */
final class PendingEventSerde implements Serde<PendingEvent> {
  private static final byte VERSION = 3;

  /** Without the number of failures. */
  private static final byte BEFORE = 2;

  private static final int NULL_LENGTH = -1;

  @Override
  public Serializer<PendingEvent> serializer() {
    return (topic, event) -> event == null ? null : write(event);
  }

  @Override
  public Deserializer<PendingEvent> deserializer() {
    return (topic, bytes) -> bytes == null ? null : read(bytes);
  }

  private static byte[] write(PendingEvent event) {
    byte[] topic = event.topic().getBytes(StandardCharsets.UTF_8);
    List<byte @Nullable []> headers = new ArrayList<>();
    for (Header header : event.headers()) {
      headers.add(header.key().getBytes(StandardCharsets.UTF_8));
      headers.add(header.value());
    }
    int size = 1 + 2 * Long.BYTES + 3 * Integer.BYTES;
    size += size(topic) + size(event.key()) + size(event.value());
    for (byte @Nullable [] part : headers) {
      size += size(part);
    }
    ByteBuffer out = ByteBuffer.allocate(size);
    out.put(VERSION);
    put(out, topic);
    out.putInt(event.partition()).putLong(event.offset()).putLong(event.timestamp());
    put(out, event.key());
    put(out, event.value());
    out.putInt(headers.size() / 2);
    headers.forEach(part -> put(out, part));
    out.putInt(event.failures());
    return out.array();
  }

  private static PendingEvent read(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      byte version = in.get();
      if (version != VERSION && version != BEFORE) {
        throw new SerializationException(
            "ledger entry version: %d (expected: %d); it was written by another Phistream, run that version until the window is empty"
                .formatted(version, VERSION));
      }
      String topic = string(in);
      int partition = in.getInt();
      long offset = in.getLong();
      long timestamp = in.getLong();
      byte[] key = bytes(in);
      byte[] value = bytes(in);
      Headers headers = new RecordHeaders();
      for (int left = in.getInt(); left > 0; left--) {
        headers.add(string(in), bytes(in));
      }
      int failures = version == BEFORE ? 0 : in.getInt();
      return new PendingEvent(topic, partition, offset, timestamp, key, value, headers, failures);
    } catch (BufferUnderflowException e) {
      throw new SerializationException("ledger entry of " + bytes.length + " bytes is cut off", e);
    }
  }

  private static int size(byte @Nullable [] bytes) {
    return Integer.BYTES + (bytes == null ? 0 : bytes.length);
  }

  private static void put(ByteBuffer out, byte @Nullable [] bytes) {
    if (bytes == null) {
      out.putInt(NULL_LENGTH);
    } else {
      out.putInt(bytes.length).put(bytes);
    }
  }

  private static byte @Nullable [] bytes(ByteBuffer in) {
    int length = in.getInt();
    if (length == NULL_LENGTH) {
      return null;
    }
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private static String string(ByteBuffer in) {
    byte[] bytes = bytes(in);
    if (bytes == null) {
      throw new BufferUnderflowException();
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
