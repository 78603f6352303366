package dev.phistream.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.phistream.event.Classification;
import dev.phistream.schema.UnreadableRecordException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClassificationJsonTest {
  private static final String JSON =
      """
      {"eventId":"event-1","source":"camera-7",\
      "labels":[{"index":281,"label":"tabby \\"cat\\"","score":0.1},\
      {"index":7,"label":"cock","score":0.05}],\
      "variant":"b0","model":{"id":"efficientnet-b0","weightsDigest":"00ff"},\
      "engine":"mxnet","device":"cpu","requestedTier":"LATENCY","degraded":null,"batchSize":8,\
      "timings":{"queueMs":1.5,"decodeMs":2.25,"inferenceMs":30.1,"totalMs":33.85,"fetchMs":0.0},\
      "origin":{"topic":"images","partition":3,"offset":123456789012},\
      "classifiedAt":"2026-11-24T12:00:01.456Z",\
      "load":{"queueDepth":12,"predictedWaitMs":40.5,"degraded":3,"rejected":1},\
      "cascade":{"small":"phi-11","confidence":0.5,"threshold":0.9,"escalated":true}}\
      """;

  @Test
  void a_classification_is_one_object_on_one_line() {
    assertThat(new JsonResultWriter().write("labels.latency", WireSamples.result()))
        .asString(UTF_8)
        .isEqualTo(JSON);
  }

  @Test
  void its_members_are_the_fields_of_the_schema_in_its_order() throws Exception {
    JsonNode json = new ObjectMapper().readTree(ClassificationJson.bytes(WireSamples.result()));

    assertSameNames(json, Classification.getClassSchema());
  }

  @Test
  void what_was_written_is_read_again() throws Exception {
    Classification degraded = WireSamples.result("load");

    assertThat(ClassificationJson.read(JSON.getBytes(UTF_8))).isEqualTo(WireSamples.result());
    assertThat(ClassificationJson.read(ClassificationJson.bytes(degraded))).isEqualTo(degraded);
  }

  @Test
  void results_of_the_first_version_have_neither_load_nor_cascade() throws Exception {
    String first = JSON.substring(0, JSON.indexOf(",\"load\"")) + "}";

    Classification read = ClassificationJson.read(first.getBytes(UTF_8));

    assertThat(read.getLoad()).isNull();
    assertThat(read.getCascade()).isNull();
    assertThat(read.getClassifiedAt()).isEqualTo(WireSamples.result().getClassifiedAt());
  }

  @Test
  void nothing_was_fetched_in_results_of_versions_that_do_not_say() throws Exception {
    String earlier = JSON.replace(",\"fetchMs\":0.0", "");

    assertThat(ClassificationJson.read(earlier.getBytes(UTF_8))).isEqualTo(WireSamples.result());
  }

  @Test
  void further_members_are_left_out() throws Exception {
    byte[] more = JSON.replace("{\"eventId\"", "{\"topic\":\"labels\",\"eventId\"").getBytes(UTF_8);

    assertThat(ClassificationJson.read(more)).isEqualTo(WireSamples.result());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "batchSize":8  | "batchSize":8.5    | batchSize: 8.5 (expected: a whole number)
          "batchSize":8, |                    | batchSize
          "batchSize":8  | "batchSize":1e99   | batchSize
          "LATENCY"      | "SOON"             | SOON
          :0.1           | :"0.1"             | score: "0.1" (expected: a number)
          "mxnet"        | null               | engine: null (expected: a text)
          2026           | last year          | last year
          true}}         | true}              | end-of-input
          true}}         | true}} 1           | Trailing token
          true}}         | 1}}                | escalated: 1 (expected: true or false)
          """)
  void objects_that_are_no_classification_are_refused(String part, String other, String message) {
    String json = JSON.replace(part, other == null ? "" : other);

    assertThatExceptionOfType(UnreadableRecordException.class)
        .isThrownBy(() -> ClassificationJson.read(json.getBytes(UTF_8)))
        .withMessageStartingWith("record: not a classification in JSON: ")
        .withMessageContaining(message);
  }

  private static void assertSameNames(JsonNode json, Schema schema) {
    if (schema.getType() == Schema.Type.ARRAY) {
      json.forEach(item -> assertSameNames(item, schema.getElementType()));
    } else if (schema.getType() == Schema.Type.RECORD) {
      List<String> names = new ArrayList<>();
      json.fieldNames().forEachRemaining(names::add);
      assertThat(names)
          .containsExactlyElementsOf(schema.getFields().stream().map(Schema.Field::name).toList());
      schema.getFields().forEach(field -> assertSameNames(json.get(field.name()), field.schema()));
    }
  }
}
