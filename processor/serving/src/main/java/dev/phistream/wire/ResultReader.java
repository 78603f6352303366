package dev.phistream.wire;

import dev.phistream.event.Classification;
import dev.phistream.schema.SingleObjectCodec;
import dev.phistream.schema.UnreadableRecordException;
import org.jspecify.annotations.Nullable;

/**
 * Reads classifications of every wire format, which the first byte tells apart: Avro single
 * objects, the Confluent wire format (given a registry) and JSON. Thread-safe.
 */
public final class ResultReader implements AutoCloseable {
  private final SingleObjectCodec<Classification> singleObjects =
      SingleObjectCodec.classifications();
  private final @Nullable SchemaRegistry registry;
  private final @Nullable ConfluentFormat<Classification> confluent;

  /**
   * Creates a reader. Does not talk to the registry yet.
   *
   * @param registryUrl address of a schema registry, or null
   * @throws IllegalArgumentException when the registry's address is none
   */
  public ResultReader(@Nullable String registryUrl) {
    this.registry = registryUrl == null ? null : new SchemaRegistry(registryUrl);
    this.confluent =
        registry == null ? null : new ConfluentFormat<>(registry, Classification.getClassSchema());
  }

  /**
   * Reads a record's value.
   *
   * @throws UnreadableRecordException when it is no classification
   * @throws SchemaRegistryException when the registry does not say what the record's schema is
   */
  public Classification read(byte @Nullable [] value) throws UnreadableRecordException {
    if (value == null || value.length == 0) {
      throw new UnreadableRecordException("value: none (expected: a classification)");
    }
    return switch (value[0]) {
      case '{' -> ClassificationJson.read(value);
      case 0 -> confluent(value);
      default -> singleObjects.decode(value);
    };
  }

  @Override
  public void close() {
    if (registry != null) {
      registry.close();
    }
  }

  private Classification confluent(byte[] value) throws UnreadableRecordException {
    if (confluent == null) {
      throw new UnreadableRecordException(
          "record: beginning with 00, as the Confluent wire format does (expected: an Avro single object or JSON); name the schema registry with schema-registry.url");
    }
    return confluent.read(value);
  }
}
