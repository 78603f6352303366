package dev.phistream.wire;

import dev.phistream.schema.RecordReader;
import dev.phistream.schema.UnreadableRecordException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;

/**
 * Reads the Confluent wire format: a zero byte, four bytes of schema id, big-endian, and the record
 * in Avro's binary encoding. Thread-safe.
 *
 * <p>Format:
 * https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format
 *
 * @param <T> generated class of the record
 */
final class ConfluentFormat<T extends SpecificRecord> {
  private static final byte MAGIC = 0;
  private static final int HEADER_BYTES = 1 + Integer.BYTES;

  private final SchemaRegistry registry;
  private final Schema schema;
  private final Map<Integer, RecordReader<T>> readers = new ConcurrentHashMap<>();

  /**
   * Creates a reader.
   *
   * @param schema schema of {@code T}
   */
  ConfluentFormat(SchemaRegistry registry, Schema schema) {
    this.registry = registry;
    this.schema = schema;
  }

  /** The bytes that begin records of schema {@code id}. */
  static byte[] header(int id) {
    return ByteBuffer.allocate(HEADER_BYTES).put(MAGIC).putInt(id).array();
  }

  /**
   * Reads a record.
   *
   * @throws UnreadableRecordException when the bytes are of another format or damaged, or their
   *     schema is unknown to the registry or is of no such record
   * @throws SchemaRegistryException when the registry does not say
   */
  T read(byte[] bytes) throws UnreadableRecordException {
    if (bytes.length < HEADER_BYTES || bytes[0] != MAGIC) {
      throw new UnreadableRecordException(
          "record: %d bytes beginning with %s (expected: 00 and four bytes of schema id)"
              .formatted(
                  bytes.length, HexFormat.of().formatHex(bytes, 0, Math.min(5, bytes.length))));
    }
    int id = ByteBuffer.wrap(bytes, 1, Integer.BYTES).getInt();
    RecordReader<T> reader = readers.get(id);
    if (reader == null) {
      reader = reader(id);
      readers.put(id, reader);
    }
    return reader.read(bytes, HEADER_BYTES);
  }

  private RecordReader<T> reader(int id) throws UnreadableRecordException {
    Schema writer = registry.schema(id);
    try {
      return new RecordReader<>(writer, schema);
    } catch (IllegalArgumentException e) {
      throw new UnreadableRecordException("schema id %d: %s".formatted(id, e.getMessage()), e);
    }
  }
}
