package dev.phistream.wire;

import dev.phistream.event.Classification;
import dev.phistream.schema.RecordWriter;
import dev.phistream.schema.SchemaHistory;
import dev.phistream.schema.SingleObjectCodec;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;

/**
 * Classifications in the Confluent wire format. Registers today's schema for each topic before the
 * first result goes there. Thread-safe.
 */
final class RegistryResultWriter implements ResultWriter {
  private final SchemaRegistry registry;
  private final Schema schema;
  private final RecordWriter<Classification> writer;
  private final Map<String, byte[]> headers = new ConcurrentHashMap<>();

  RegistryResultWriter(SchemaRegistry registry) {
    SchemaHistory history = SingleObjectCodec.classificationHistory();
    this.registry = registry;
    // As published, without the hints to Java that the generated class's own schema has.
    this.schema = history.versions().get(history.versions().size() - 1);
    this.writer = new RecordWriter<>(schema);
  }

  /**
   * {@inheritDoc}
   *
   * @throws SchemaRegistryException when the registry does not take the schema
   */
  @Override
  public byte[] write(String topic, Classification classification) {
    byte[] header = headers.get(topic);
    if (header == null) {
      header = ConfluentFormat.header(registry.register(topic, schema));
      headers.put(topic, header);
    }
    return writer.write(header, classification);
  }
}
