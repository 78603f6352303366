package dev.phistream.schema;

import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;

/**
 * Reads Avro's binary encoding, without any header, as one writer schema wrote it. Thread-safe.
 *
 * <p>Hostile bytes cannot make it allocate more than a small multiple of their own number: reading
 * from an array, Avro compares every length and count with the bytes that are left.
 *
 * @param <T> generated class of the record, in {@code dev.phistream.event}
 */
public final class RecordReader<T extends SpecificRecord> {
  private final String name;
  private final SpecificDatumReader<T> reader;

  /**
   * Creates a reader.
   *
   * @param writer schema that wrote the bytes
   * @param reader schema of {@code T}
   * @throws IllegalArgumentException when records of {@code writer} cannot become such of {@code
   *     reader}
   */
  public RecordReader(Schema writer, Schema reader) {
    SchemaCompatibility.SchemaPairCompatibility pair =
        SchemaCompatibility.checkReaderWriterCompatibility(reader, writer);
    if (pair.getType() != SchemaCompatibilityType.COMPATIBLE) {
      throw new IllegalArgumentException(
          "writer schema: %s (expected: one that can be read as %s): %s"
              .formatted(
                  writer.getType() == Schema.Type.RECORD ? writer.getFullName() : writer.getType(),
                  reader.getFullName(),
                  pair.getResult().getIncompatibilities()));
    }
    this.name = reader.getName();
    this.reader = new SpecificDatumReader<>(writer, reader, new EventModel());
  }

  /**
   * Reads the one record that stands in {@code bytes} from {@code offset} to the end. Fields of
   * type {@code bytes} are copied, once.
   *
   * @throws UnreadableRecordException when the record is cut off or damaged, or something follows
   */
  public T read(byte[] bytes, int offset) throws UnreadableRecordException {
    BinaryDecoder decoder =
        DecoderFactory.get().binaryDecoder(bytes, offset, bytes.length - offset, null);
    T record;
    try {
      record = reader.read(null, decoder);
    } catch (IOException | RuntimeException e) { // what Avro throws at bad bytes has no common type
      throw new UnreadableRecordException(
          "record: %d bytes, cut off or damaged (expected: a whole %s): %s"
              .formatted(bytes.length, name, e.getMessage()),
          e);
    }
    int rest = decoder.remainingBytes();
    if (rest != 0) {
      throw new UnreadableRecordException(
          "record: %d bytes after the end of the %s (expected: none)".formatted(rest, name));
    }
    return record;
  }
}
