package dev.phistream.schema;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.SchemaParser;
import org.apache.avro.message.SchemaStore;
import org.jspecify.annotations.Nullable;

/**
 * Every version of a record's schema that was ever published, oldest first. Immutable. As a {@link
 * SchemaStore} it serves Avro's own message decoders too.
 */
public final class SchemaHistory implements SchemaStore {
  private final List<Schema> versions;

  private SchemaHistory(List<Schema> versions) {
    this.versions = List.copyOf(versions);
  }

  /**
   * Loads {@code v1.avsc}, {@code v2.avsc} and so on from the class path, each complete in itself.
   *
   * @param folder absolute, such as {@code /avro-history/ImageEvent}
   * @throws IllegalArgumentException when there is none
   */
  static SchemaHistory load(String folder) {
    List<Schema> versions = new ArrayList<>();
    Schema schema;
    while ((schema = parse(folder + "/v" + (versions.size() + 1) + ".avsc")) != null) {
      versions.add(schema);
    }
    if (versions.isEmpty()) {
      throw new IllegalArgumentException(
          folder + ": no schemas on the class path (expected: v1.avsc and its successors)");
    }
    return new SchemaHistory(versions);
  }

  /** The versions; the last is what is written today. */
  public List<Schema> versions() {
    return versions;
  }

  @Override
  public @Nullable Schema findByFingerprint(long fingerprint) {
    return versions.stream()
        .filter(schema -> SchemaNormalization.parsingFingerprint64(schema) == fingerprint)
        .findFirst()
        .orElse(null);
  }

  private static @Nullable Schema parse(String resource) {
    try (InputStream file = SchemaHistory.class.getResourceAsStream(resource)) {
      return file == null
          ? null
          : new SchemaParser()
              .parse(new String(file.readAllBytes(), StandardCharsets.UTF_8))
              .mainSchema();
    } catch (IOException e) {
      throw new UncheckedIOException(resource + ": not readable: " + e.getMessage(), e);
    }
  }
}
