package dev.phistream.wire;

import dev.phistream.schema.RecordWriter;
import dev.phistream.schema.SchemaHistory;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;

/**
 * Records in the Confluent wire format. Registers today's schema for each topic before the first
 * record goes there. Thread-safe.
 *
 * @param <T> generated class of the record
 */
final class RegistryWriter<T extends SpecificRecord> {
  private final SchemaRegistry registry;
  private final Schema schema;
  private final RecordWriter<T> writer;
  private final Map<String, byte[]> headers = new ConcurrentHashMap<>();

  RegistryWriter(SchemaRegistry registry, SchemaHistory history) {
    this.registry = registry;
    // As published, without the hints to Java that the generated class's own schema has.
    this.schema = history.versions().get(history.versions().size() - 1);
    this.writer = new RecordWriter<>(schema);
  }

  /**
   * Serialises.
   *
   * @throws SchemaRegistryException when the registry does not take the schema
   */
  byte[] write(String topic, T record) {
    byte[] header = headers.get(topic);
    if (header == null) {
      header = ConfluentFormat.header(registry.register(topic, schema));
      headers.put(topic, header);
    }
    return writer.write(header, record);
  }
}
