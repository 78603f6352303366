package dev.phistream.guide;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.event.Classification;
import dev.phistream.event.ImageEvent;
import dev.phistream.event.Label;
import dev.phistream.event.ModelReference;
import dev.phistream.event.Origin;
import dev.phistream.event.Tier;
import dev.phistream.event.Timings;
import dev.phistream.image.ImageException;
import dev.phistream.pipeline.ClassificationException;
import dev.phistream.pipeline.PipelineStages;
import dev.phistream.schema.SingleObjectCodec;
import dev.phistream.topology.HeaderNames;
import dev.phistream.wire.AvroEventReader;
import dev.phistream.wire.ErrorCode;
import dev.phistream.wire.EventReader;
import dev.phistream.wire.EventRecord;
import dev.phistream.wire.RawEventReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/integration.md says what the code does. */
class IntegrationGuideTest {
  private static final Path GUIDE = Path.of("../../docs/integration.md");
  private static final Path SNIPPETS =
      Path.of("src/test/java/dev/phistream/guide/GuideSnippets.java");

  @TempDir private Path folder = Path.of("");

  @ParameterizedTest
  @ValueSource(strings = {"send-avro", "send-plain", "read-labels"})
  void its_java_is_compiled_code(String snippet) throws IOException {
    String code =
        Files.readString(SNIPPETS)
            .split("// snippet: " + snippet + "\n", 2)[1]
            .split("\n *// end\n", 2)[0];

    assertThat(guide()).contains("```java\n" + code.stripIndent() + "\n```\n");
  }

  @Test
  void what_the_first_snippet_sends_is_an_event() throws Exception {
    ProducerRecord<String, byte[]> sent = send(GuideSnippets::sendAvro);

    ImageEvent event = read(new AvroEventReader(), sent);
    assertThat(event.getId()).isEqualTo("event-1");
    assertThat(event.getTier()).isEqualTo(Tier.LATENCY);
    assertThat(event.getImage()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
  }

  @Test
  void what_the_second_snippet_sends_is_an_event_too() throws Exception {
    ProducerRecord<String, byte[]> sent = send(GuideSnippets::sendPlain);

    ImageEvent event = read(new RawEventReader(), sent);
    assertThat(event.getId()).isEqualTo("event-1");
    assertThat(event.getTier()).isEqualTo(Tier.LATENCY);
  }

  @Test
  void what_the_third_snippet_prints_is_the_label() throws Exception {
    TopicPartition labels = new TopicPartition("labels.latency", 0);
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest")) {
      consumer.assign(List.of(labels));
      consumer.updateBeginningOffsets(Map.of(labels, 0L));
      consumer.addRecord(
          new ConsumerRecord<>(
              labels.topic(),
              0,
              0,
              "camera-7",
              SingleObjectCodec.classifications().encode(result())));

      GuideSnippets.readLabels(consumer, new PrintStream(printed, true, UTF_8));
    }

    assertThat(printed.toString(UTF_8).strip()).isEqualTo("event-1: tabby cat 0.75");
  }

  @Test
  void its_fingerprints_are_those_of_the_schemas() throws IOException {
    assertThat(guide())
        .contains(
            "| ImageEvent | `%s` |"
                .formatted(HexFormat.of().formatHex(SingleObjectCodec.imageEvents().header())))
        .contains(
            "| Classification | `%s` |"
                .formatted(HexFormat.of().formatHex(SingleObjectCodec.classifications().header())));
  }

  @Test
  void it_has_every_field() throws IOException {
    List<String> fields = new ArrayList<>();
    addFields("", ImageEvent.getClassSchema(), fields);
    addFields("", Classification.getClassSchema(), fields);

    assertThat(fields)
        .contains("latencyBudgetMs", "timings.queueMs", "timings.fetchMs", "labels[].score");
    assertThat(fields).allSatisfy(field -> assertThat(guide()).contains("| `" + field + "` |"));
  }

  @Test
  void it_has_every_error_code() throws IOException {
    List<String> codes = new ArrayList<>();
    Stream.of(ErrorCode.values()).map(ErrorCode::id).forEach(codes::add);
    Stream.of(ImageException.Code.values()).map(ImageException.Code::id).forEach(codes::add);
    codes.addAll(PipelineStages.TIMEOUT_CODES);
    codes.add(ClassificationException.OUT_OF_MEMORY);
    codes.addAll(codesInSources());

    assertThat(codes).allSatisfy(code -> assertThat(guide()).contains("| `" + code + "` |"));
  }

  @Test
  void it_has_the_headers_that_are_added() throws IOException {
    assertThat(guide())
        .contains(
            "`" + HeaderNames.VARIANT + "`",
            "`" + HeaderNames.TIER + "`",
            "`" + HeaderNames.MODEL + "`",
            "`" + HeaderNames.ERROR_CODE + "`",
            "`" + HeaderNames.STREAMS_ERRORS + "exception`",
            "`" + HeaderNames.STREAMS_ERRORS + "message`",
            "`" + HeaderNames.STREAMS_ERRORS + "stacktrace`",
            "`" + HeaderNames.STREAMS_ERRORS + "topic`",
            "`" + HeaderNames.STREAMS_ERRORS + "partition`",
            "`" + HeaderNames.STREAMS_ERRORS + "offset`");
  }

  /** Codes that are given to exceptions as literals. */
  private static List<String> codesInSources() throws IOException {
    Pattern literal = Pattern.compile("new ClassificationException\\(\\s*\"([a-z-]+)\"");
    List<String> codes = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("../serving/src/main/java"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        literal
            .matcher(Files.readString(file))
            .results()
            .map((MatchResult code) -> code.group(1))
            .forEach(codes::add);
      }
    }
    return codes;
  }

  private static void addFields(String prefix, Schema schema, List<String> fields) {
    switch (schema.getType()) {
      case RECORD -> {
        for (Schema.Field field : schema.getFields()) {
          String name = prefix.isEmpty() ? field.name() : prefix + "." + field.name();
          fields.add(name);
          addFields(name, field.schema(), fields);
        }
      }
      case ARRAY -> addFields(prefix + "[]", schema.getElementType(), fields);
      case UNION -> schema.getTypes().forEach(type -> addFields(prefix, type, fields));
      default -> {}
    }
  }

  private interface Sender {
    void send(MockProducer<String, byte[]> producer, Path file) throws IOException;
  }

  private ProducerRecord<String, byte[]> send(Sender sender) throws IOException {
    Path file = Files.write(folder.resolve("cat.jpg"), new byte[] {1, 2, 3});
    try (MockProducer<String, byte[]> producer =
        new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer())) {
      sender.send(producer, file);
      return producer.history().get(0);
    }
  }

  private static ImageEvent read(EventReader reader, ProducerRecord<String, byte[]> sent)
      throws Exception {
    return reader.read(new EventRecord(sent.topic(), 0, 0, 0, null, sent.value(), sent.headers()));
  }

  private static Classification result() {
    return Classification.newBuilder()
        .setEventId("event-1")
        .setSource("camera-7")
        .setLabels(List.of(new Label(281, "tabby cat", 0.75f)))
        .setVariant("b0")
        .setModel(new ModelReference("b0", "00ff"))
        .setEngine("mxnet")
        .setDevice("cpu")
        .setRequestedTier(Tier.LATENCY)
        .setDegraded(null)
        .setBatchSize(1)
        .setTimings(new Timings(1.0, 1.0, 1.0, 3.0, 0.0))
        .setOrigin(new Origin("images", 0, 0L))
        .setClassifiedAt(Instant.EPOCH)
        .setLoad(null)
        .setCascade(null)
        .build();
  }

  private static String guide() throws IOException {
    return Files.readString(GUIDE);
  }
}
