package dev.phistream.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaFormatter;
import org.apache.avro.SchemaParser;
import org.apache.avro.SchemaValidatorBuilder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Schemas only change so that all published versions go on understanding each other. */
class CompatibilityTest {
  private static final Path AVRO = Path.of("src/main/avro");
  private static final Path HISTORY = Path.of("src/main/resources/avro-history");

  @ParameterizedTest
  @ValueSource(strings = {"ImageEvent", "Classification", "Comparison"})
  void the_schema_is_the_newest_published_version(String record) throws Exception {
    List<Schema> published = history(record);
    Schema newest = published.get(published.size() - 1);

    assertThat(current(record))
        .as(
            "%1$s/%2$s.avsc differs from %3$s/%2$s/v%4$d.avsc. If v%4$d was never released, replace"
                + " it; else add v%5$d.avsc with this content:%n%6$s%n",
            AVRO,
            record,
            HISTORY,
            published.size(),
            published.size() + 1,
            SchemaFormatter.format("json/pretty", current(record)))
        .isEqualTo(newest);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ImageEvent", "Classification", "Comparison"})
  void every_version_reads_and_is_read_by_every_other(String record) throws Exception {
    List<Schema> versions = new ArrayList<>(history(record));
    versions.add(current(record));

    for (int i = 1; i < versions.size(); i++) {
      Schema version = versions.get(i);
      List<Schema> earlier = versions.subList(0, i);
      assertThatCode(
              () ->
                  new SchemaValidatorBuilder()
                      .mutualReadStrategy()
                      .validateAll()
                      .validate(version, earlier))
          .as("%s, version %d against those before (add only fields with a default)", record, i + 1)
          .doesNotThrowAnyException();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ImageEvent", "Classification", "Comparison"})
  void no_version_is_left_out_of_the_history(String record) throws Exception {
    try (Stream<Path> files = Files.list(HISTORY.resolve(record))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .as("versions are numbered without gaps")
          .hasSize(history(record).size());
    }
  }

  private static List<Schema> history(String record) {
    return SchemaHistory.load("/avro-history/" + record).versions();
  }

  private static Schema current(String record) throws IOException {
    SchemaParser parser = new SchemaParser();
    parser.parse(AVRO.resolve("Tier.avsc"));
    parser.parse(AVRO.resolve("ImageReference.avsc"));
    Schema classification = parser.parse(AVRO.resolve("Classification.avsc")).mainSchema();
    return record.equals("Classification")
        ? classification
        : parser.parse(AVRO.resolve(record + ".avsc")).mainSchema();
  }
}
