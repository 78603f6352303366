package dev.phistream.schema;

import dev.phistream.event.Classification;
import dev.phistream.event.Comparison;
import dev.phistream.event.ImageEvent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.specific.SpecificRecord;

/**
 * Avro's single-object encoding: two bytes {@code C3 01}, eight bytes that name the writer's schema
 * (CRC-64-AVRO fingerprint, little-endian), and the record in Avro's binary encoding. Reads what
 * any published version of the schema wrote. Thread-safe.
 *
 * <p>Format: https://avro.apache.org/docs/1.12.0/specification/#single-object-encoding
 *
 * @param <T> generated class of the record
 */
public final class SingleObjectCodec<T extends SpecificRecord> {
  // Not Avro's BinaryMessageDecoder: it reads from a stream, so it can neither see that something
  // follows the record nor refuse a length that exceeds what is left.

  private static final byte MAGIC_0 = (byte) 0xC3;
  private static final byte MAGIC_1 = 0x01;
  private static final int HEADER_BYTES = 2 + Long.BYTES;

  private final Schema schema;
  private final byte[] header;
  private final RecordWriter<T> writer;
  private final Map<Long, RecordReader<T>> readers;

  private SingleObjectCodec(Schema schema, SchemaHistory history) {
    this.schema = schema;
    this.header = header(schema);
    this.writer = new RecordWriter<>(schema);
    Map<Long, RecordReader<T>> readers = new HashMap<>();
    for (Schema writer : history.versions()) {
      readers.put(
          SchemaNormalization.parsingFingerprint64(writer), new RecordReader<>(writer, schema));
    }
    readers.put(
        SchemaNormalization.parsingFingerprint64(schema), new RecordReader<>(schema, schema));
    this.readers = Map.copyOf(readers);
  }

  /** The codec of image events. */
  public static SingleObjectCodec<ImageEvent> imageEvents() {
    return of(ImageEvent.getClassSchema(), imageEventHistory());
  }

  /** The codec of classifications. */
  public static SingleObjectCodec<Classification> classifications() {
    return of(Classification.getClassSchema(), classificationHistory());
  }

  /** The codec of comparisons. */
  public static SingleObjectCodec<Comparison> comparisons() {
    return of(Comparison.getClassSchema(), comparisonHistory());
  }

  /** The published schemas of image events. */
  public static SchemaHistory imageEventHistory() {
    return SchemaHistory.load("/avro-history/ImageEvent");
  }

  /** The published schemas of classifications. */
  public static SchemaHistory classificationHistory() {
    return SchemaHistory.load("/avro-history/Classification");
  }

  /** The published schemas of comparisons. */
  public static SchemaHistory comparisonHistory() {
    return SchemaHistory.load("/avro-history/Comparison");
  }

  /** A codec for {@code T} as described by {@code schema}, its class's own. */
  static <T extends SpecificRecord> SingleObjectCodec<T> of(Schema schema, SchemaHistory history) {
    return new SingleObjectCodec<>(schema, history);
  }

  /** Whether {@code bytes} begin as a single object does. */
  public static boolean isSingleObject(byte[] bytes) {
    return bytes.length >= 2 && bytes[0] == MAGIC_0 && bytes[1] == MAGIC_1;
  }

  /** The ten bytes that begin every record which {@link #encode} writes. */
  public byte[] header() {
    return header.clone();
  }

  /**
   * Writes a record.
   *
   * @throws IllegalArgumentException when a field lacks its value or has one of a wrong type
   */
  public byte[] encode(T record) {
    return writer.write(header, record);
  }

  /**
   * Reads a record, whichever published version of the schema wrote it. Fields of type {@code
   * bytes} are copied, once.
   *
   * @throws UnreadableRecordException when {@code bytes} are no single object, are of a schema that
   *     is not known here, or are not exactly one whole record
   */
  public T decode(byte[] bytes) throws UnreadableRecordException {
    if (!isSingleObject(bytes) || bytes.length < HEADER_BYTES) {
      throw new UnreadableRecordException(
          "record: %d bytes beginning with %s (expected: Avro single-object encoding of %s, which begins with c301 and eight bytes of fingerprint)"
              .formatted(bytes.length, hex(bytes, 0, Math.min(4, bytes.length)), schema.getName()));
    }
    long fingerprint =
        ByteBuffer.wrap(bytes, 2, Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).getLong();
    RecordReader<T> reader = readers.get(fingerprint);
    if (reader == null) {
      throw new UnreadableRecordException(
          "record: written with a schema of fingerprint %s (expected: a published version of %s, today's is %s); use the phistream-schemas of the writer's version or later"
              .formatted(
                  hex(bytes, 2, HEADER_BYTES), schema.getFullName(), hex(header, 2, HEADER_BYTES)));
    }
    return reader.read(bytes, HEADER_BYTES);
  }

  private static byte[] header(Schema schema) {
    return ByteBuffer.allocate(HEADER_BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(MAGIC_0)
        .put(MAGIC_1)
        .putLong(SchemaNormalization.parsingFingerprint64(schema))
        .array();
  }

  private static String hex(byte[] bytes, int from, int to) {
    return HexFormat.of().formatHex(bytes, from, to);
  }
}
