package dev.phistream.schema;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.message.RawMessageEncoder;
import org.apache.avro.specific.SpecificRecord;

/**
 * Writes Avro's binary encoding behind a header of the caller's. Thread-safe.
 *
 * @param <T> generated class of the record, in {@code dev.phistream.event}
 */
public final class RecordWriter<T extends SpecificRecord> {
  private final String name;
  private final RawMessageEncoder<T> encoder;

  /**
   * Creates a writer.
   *
   * @param schema schema of {@code T}
   */
  public RecordWriter(Schema schema) {
    this.name = schema.getName();
    // Without a copy of its own: the bytes are copied behind the header anyway.
    this.encoder = new RawMessageEncoder<>(new EventModel(), schema, false);
  }

  /**
   * Writes a record.
   *
   * @throws IllegalArgumentException when a field lacks its value or has one of a wrong type
   */
  public byte[] write(byte[] header, T record) {
    try {
      ByteBuffer body = encoder.encode(record);
      return ByteBuffer.allocate(header.length + body.remaining()).put(header).put(body).array();
    } catch (IOException | AvroRuntimeException | NullPointerException | ClassCastException e) {
      throw new IllegalArgumentException(
          "%s: not complete (expected: a valid value in every field): %s"
              .formatted(name, e.getMessage()),
          e);
    }
  }
}
