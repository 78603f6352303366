package dev.phistream.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.phistream.event.ImageEvent;
import dev.phistream.schema.RecordWriter;
import dev.phistream.schema.SingleObjectCodec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The Confluent wire format through Apicurio's serde, against a registry in memory. */
@Timeout(60)
class RegistryTest {
  private final FakeRegistry server = new FakeRegistry();
  private final WireFormats wire =
      new WireFormats(new WireOptions(InputFormat.AVRO, OutputFormat.AVRO, server.url()));

  @AfterEach
  void close() {
    wire.close();
    server.close();
  }

  @Test
  void results_are_written_with_a_registered_schema_and_read_again() throws Exception {
    byte[] value = wire.results().write("labels.latency", WireSamples.result());

    assertThat(value).startsWith(0, 0, 0, 0, 1);
    assertThat(new Schema.Parser().parse(server.content(1)))
        .isEqualTo(newest(SingleObjectCodec.classificationHistory().versions()));
    try (ResultReader reader = new ResultReader(server.url())) {
      assertThat(reader.read(value)).isEqualTo(WireSamples.result());
    }
  }

  @Test
  void comparisons_are_written_with_a_registered_schema() {
    byte[] value = wire.comparisons().write("labels.comparison", WireSamples.comparison());

    assertThat(value).startsWith(0, 0, 0, 0, 1);
    assertThat(new Schema.Parser().parse(server.content(1)))
        .isEqualTo(SingleObjectCodec.comparisonHistory().versions().get(0));
  }

  @Test
  void a_schema_is_registered_once_for_each_topic_and_asked_for_once() throws Exception {
    byte[] event = event(server.put(imageEventSchema()), WireSamples.event());
    for (int i = 0; i < 3; i++) {
      wire.results().write("labels.latency", WireSamples.result());
      wire.results().write("labels.accuracy", WireSamples.result());
      wire.events().read(WireSamples.record(event));
    }

    assertThat(server.requests())
        .containsExactly(
            "POST /apis/registry/v3/groups/default/artifacts",
            "POST /apis/registry/v3/groups/default/artifacts",
            "GET /apis/registry/v3/ids/contentIds/1",
            "GET /apis/registry/v3/ids/contentIds/1/references");
  }

  @Test
  void an_event_is_read_as_its_registered_schema_says() throws Exception {
    Schema older =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "namespace": "dev.phistream.event", "name": "ImageEvent",
                 "fields": [{"name": "image", "type": "bytes"},
                            {"name": "source", "type": "string"},
                            {"name": "id", "type": "string"},
                            {"name": "capturedAt", "type": "long"}]}
                """);
    byte[] value = {
      0,
      0,
      0,
      0,
      (byte) server.put(SchemaFormatter.format("json", older)),
      4,
      8,
      9,
      2,
      's',
      4,
      'i',
      'd',
      10
    };

    ImageEvent event = wire.events().read(WireSamples.record(value));

    assertThat(event.getId()).isEqualTo("id");
    assertThat(event.getImage()).isEqualTo(ByteBuffer.wrap(new byte[] {8, 9}));
    assertThat(event.getCapturedAt()).hasToString("1970-01-01T00:00:00.005Z");
    assertThat(event.getTopK()).isNull();
  }

  @Test
  void single_objects_are_read_without_asking_the_registry() throws Exception {
    byte[] value = SingleObjectCodec.imageEvents().encode(WireSamples.event());

    assertThat(wire.events().read(WireSamples.record(value))).isEqualTo(WireSamples.event());
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void an_unknown_schema_id_is_an_unreadable_event() {
    assertUnreadable(event(77, WireSamples.event()), "schema id 77: unknown to " + server.url());
  }

  @Test
  void an_id_of_something_else_is_an_unreadable_event() {
    int label = server.put("{\"type\": \"record\", \"name\": \"Label\", \"fields\": []}");
    int protobuf = server.put("syntax = \"proto3\";");

    assertUnreadable(event(label, WireSamples.event()), "Label (expected: one that can be read as");
    assertUnreadable(event(protobuf, WireSamples.event()), "not Avro at");
  }

  @Test
  void bytes_of_no_known_format_are_an_unreadable_event() {
    byte[] whole = event(server.put(imageEventSchema()), WireSamples.event());

    assertUnreadable("hello".getBytes(UTF_8), "record: 5 bytes beginning with 68656c6c6f");
    assertUnreadable(new byte[] {0, 0, 1}, "record: 3 bytes");
    assertUnreadable(Arrays.copyOf(whole, whole.length - 1), "cut off or damaged");
    assertUnreadable(Arrays.copyOf(whole, whole.length + 1), "1 bytes after the end");
  }

  @Test
  void a_registry_that_is_down_makes_no_dead_letter_and_is_asked_again() throws Exception {
    byte[] event = event(server.put(imageEventSchema()), WireSamples.event());
    server.failWith(503);

    assertThatExceptionOfType(SchemaRegistryException.class)
        .isThrownBy(() -> wire.events().read(WireSamples.record(event)))
        .withMessageContaining(server.url())
        .withMessageContaining("status 503")
        .withMessageContaining("check schema-registry.url");
    assertThatExceptionOfType(SchemaRegistryException.class)
        .isThrownBy(() -> wire.results().write("labels.latency", WireSamples.result()))
        .withMessageContaining("asked to register the schema of topic labels.latency");

    server.recover();
    assertThat(wire.events().read(WireSamples.record(event))).isEqualTo(WireSamples.event());
    assertThat(wire.results().write("labels.latency", WireSamples.result())).isNotEmpty();
  }

  @Test
  void a_registry_that_cannot_be_reached_makes_no_dead_letter() {
    server.close();

    assertThatExceptionOfType(SchemaRegistryException.class)
        .isThrownBy(() -> wire.events().read(WireSamples.record(event(1, WireSamples.event()))))
        .withMessageContaining("Connection refused");
  }

  @Test
  void a_wrong_address_makes_no_dead_letter_though_it_answers_not_found() {
    WireOptions options =
        new WireOptions(InputFormat.AVRO, OutputFormat.JSON, server.url().replace("apis", "api"));
    try (WireFormats wrong = new WireFormats(options)) {
      assertThatExceptionOfType(SchemaRegistryException.class)
          .isThrownBy(() -> wrong.events().read(WireSamples.record(event(1, WireSamples.event()))))
          .withMessageContaining("check schema-registry.url");
    }
  }

  @Test
  void a_registry_that_never_answers_does_not_hold_the_thread_for_ever() {
    server.fallSilent();
    try (SchemaRegistry impatient = new SchemaRegistry(server.url(), Duration.ofMillis(300))) {
      assertThatExceptionOfType(SchemaRegistryException.class)
          .isThrownBy(() -> impatient.schema(1));
    }
  }

  @Test
  void what_is_known_stays_known_while_the_registry_is_down() throws Exception {
    byte[] event = event(server.put(imageEventSchema()), WireSamples.event());
    wire.events().read(WireSamples.record(event));
    wire.results().write("labels.latency", WireSamples.result());
    server.close();

    assertThat(wire.events().read(WireSamples.record(event))).isEqualTo(WireSamples.event());
    assertThat(wire.results().write("labels.latency", WireSamples.result())).isNotEmpty();
  }

  @Test
  void user_and_password_of_the_address_are_sent_and_not_told() throws Exception {
    server.put(imageEventSchema());
    try (SchemaRegistry secured = new SchemaRegistry(server.urlWith("ann:s3cret"))) {
      secured.schema(1);
      assertThat(server.authorizations())
          .containsOnly(
              "Basic " + Base64.getEncoder().encodeToString("ann:s3cret".getBytes(UTF_8)));

      server.failWith(401);
      assertThatExceptionOfType(SchemaRegistryException.class)
          .isThrownBy(() -> secured.schema(2))
          .satisfies(e -> assertThat(e.getMessage()).contains("401").doesNotContain("s3cret"));
    }
  }

  @Test
  void an_address_that_is_none_is_refused_at_once() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new WireFormats(
                    new WireOptions(InputFormat.AVRO, OutputFormat.AVRO, "registry:8080")))
        .withMessage(
            "the address of the schema registry is none (expected: such as"
                + " http://registry:8080/apis/registry/v3)");
  }

  private void assertUnreadable(byte[] value, String message) {
    assertThatExceptionOfType(UnreadableEventException.class)
        .isThrownBy(() -> wire.events().read(WireSamples.record(value)))
        .withMessageContaining(message)
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.EVENT_UNREADABLE));
  }

  private static String imageEventSchema() {
    return SingleObjectCodec.imageEventHistory().versions().get(0).toString();
  }

  private static byte[] event(int id, ImageEvent event) {
    return new RecordWriter<ImageEvent>(ImageEvent.getClassSchema())
        .write(ConfluentFormat.header(id), event);
  }

  private static Schema newest(List<Schema> versions) {
    return versions.get(versions.size() - 1);
  }
}
