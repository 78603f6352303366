package dev.phistream.wire;

import dev.phistream.event.Classification;
import dev.phistream.event.Comparison;
import dev.phistream.schema.SingleObjectCodec;
import org.jspecify.annotations.Nullable;

/**
 * The reader and the writers that a configuration asks for. Closing it ends the connection to the
 * schema registry, if there is one; close it after the last use of any. Thread-safe.
 */
public final class WireFormats implements AutoCloseable {
  private final EventReader events;
  private final ResultWriter results;
  private final ComparisonWriter comparisons;
  private final @Nullable SchemaRegistry registry;

  /**
   * Makes them. Does not talk to the registry yet.
   *
   * @throws IllegalArgumentException when the registry's address is none
   */
  public WireFormats(WireOptions options) {
    this.registry = registry(options);
    this.events = events(options.input(), registry);
    this.results = results(options.output(), registry);
    this.comparisons = comparisons(options.output(), registry);
  }

  /** Reads events. */
  public EventReader events() {
    return events;
  }

  /** Writes results. */
  public ResultWriter results() {
    return results;
  }

  /** Writes comparisons. */
  public ComparisonWriter comparisons() {
    return comparisons;
  }

  @Override
  public void close() {
    if (registry != null) {
      registry.close();
    }
  }

  private static @Nullable SchemaRegistry registry(WireOptions options) {
    String url = options.registryUrl();
    boolean avro =
        options.input() == InputFormat.AVRO
            || options.input() == InputFormat.AUTO
            || options.output() == OutputFormat.AVRO;
    return url == null || !avro ? null : new SchemaRegistry(url);
  }

  private static EventReader events(InputFormat format, @Nullable SchemaRegistry registry) {
    return switch (format) {
      case RAW -> new RawEventReader();
      case JSON -> new JsonEventReader();
      case AVRO -> avro(registry);
      case AUTO ->
          new AutoEventReader(
              avro(registry), registry != null, new JsonEventReader(), new RawEventReader());
    };
  }

  private static EventReader avro(@Nullable SchemaRegistry registry) {
    return registry == null ? new AvroEventReader() : new RegistryEventReader(registry);
  }

  private static ResultWriter results(OutputFormat format, @Nullable SchemaRegistry registry) {
    return switch (format) {
      case JSON -> new JsonResultWriter();
      case AVRO ->
          registry == null
              ? new AvroResultWriter()
              : new RegistryWriter<Classification>(
                      registry, SingleObjectCodec.classificationHistory())
                  ::write;
    };
  }

  private static ComparisonWriter comparisons(
      OutputFormat format, @Nullable SchemaRegistry registry) {
    if (format == OutputFormat.JSON) {
      return (topic, comparison) -> ComparisonJson.bytes(comparison);
    }
    if (registry != null) {
      return new RegistryWriter<Comparison>(registry, SingleObjectCodec.comparisonHistory())::write;
    }
    SingleObjectCodec<Comparison> codec = SingleObjectCodec.comparisons();
    return (topic, comparison) -> codec.encode(comparison);
  }
}
