package dev.phistream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.phistream.event.Classification;
import dev.phistream.event.Tier;
import dev.phistream.schema.ImageEvents;
import dev.phistream.schema.SingleObjectCodec;
import dev.phistream.testkit.BrokerKit;
import dev.phistream.testkit.EncodedImages;
import dev.phistream.testkit.FastFailover;
import dev.phistream.testkit.ProcessorProcess;
import dev.phistream.testkit.TinyModels;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The processor as a process of its own, against a real Kafka, with small random networks. */
@Timeout(240)
@ExtendWith(BrokerKit.Extension.class)
class EndToEndIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int PARTITIONS = 4;
  private static final List<Tier> TIERS = List.of(Tier.LATENCY, Tier.BALANCED, Tier.ACCURACY);

  @TempDir private static Path models;

  private final BrokerKit kafka;
  private final String name;

  EndToEndIT(BrokerKit kafka) {
    this.kafka = kafka;
    this.name = kafka.unique("e2e");
  }

  @BeforeAll
  static void small_networks() throws Exception {
    TinyModels.write(models, "small", -12);
    TinyModels.write(models, "middle", -11);
    TinyModels.write(models, "large", -10);
  }

  @BeforeEach
  void topics() {
    kafka.createTopics(PARTITIONS, input(), deadLetters());
    kafka.createTopics(PARTITIONS, labelTopics());
  }

  @Test
  void five_hundred_events_through_all_tiers_arrive_once_each_and_in_order() {
    int count = 500;
    send(count);
    try (ProcessorProcess processor = ProcessorProcess.start(settings()).awaitReady()) {
      awaitOutcomes(count, processor);
      assertThat(processor.terminate()).isZero();
    }

    List<Classification> labelled = labelled();
    assertThat(labelled.stream().map(Classification::getEventId))
        .containsExactlyInAnyOrderElementsOf(ids(count));
    assertThat(labelled)
        .allSatisfy(
            result ->
                assertThat(result.getRequestedTier())
                    .isEqualTo(tierOf(Integer.parseInt(result.getEventId()))));
    assertThat(labelled.stream().map(Classification::getVariant))
        .contains("small", "middle", "large");
    assertInOrderPerPartitionAndTier();
    assertThat(kafka.readAll(deadLetters())).isEmpty();
  }

  @Test
  void a_processor_killed_in_mid_stream_loses_and_duplicates_nothing() {
    int count = 3000;
    send(count);
    int killed = 0;
    for (int kill = 1; kill <= 2; kill++) {
      int before = outcomes().size();
      try (ProcessorProcess processor = ProcessorProcess.start(settings())) {
        Awaitility.await("results of start " + kill)
            .atMost(PATIENCE)
            .pollInterval(Duration.ofMillis(50))
            .failFast("the processor is alive", processor::checkAlive)
            .until(() -> outcomes().size() > before);
        processor.kill();
        killed += outcomes().size() < count ? 1 : 0;
      }
    }
    assertThat(killed).as("kills in mid-stream").isEqualTo(2);

    try (ProcessorProcess processor = ProcessorProcess.start(settings())) {
      awaitOutcomes(count, processor);
      processor.terminate();
    }

    assertThat(labelled().stream().map(Classification::getEventId))
        .containsExactlyInAnyOrderElementsOf(ids(count));
    assertInOrderPerPartitionAndTier();
  }

  @Test
  void a_corrupt_image_becomes_a_dead_letter_and_its_neighbours_are_labelled() {
    byte[] torn = cutOff(image(3));
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      byte[] image = i == 7 ? torn : image(i);
      records.add(new ProducerRecord<>(input(), 0, null, event(i, image, Tier.LATENCY)));
    }
    kafka.send(records);
    try (ProcessorProcess processor = ProcessorProcess.start(settings()).awaitReady()) {
      awaitOutcomes(16, processor);
    }

    List<String> others = new ArrayList<>(ids(16));
    others.remove("7");
    assertThat(labelled().stream().map(Classification::getEventId))
        .containsExactlyInAnyOrderElementsOf(others);
    List<ConsumerRecord<byte[], byte[]>> dead = kafka.readAll(deadLetters());
    assertThat(dead).hasSize(1);
    assertThat(dead.get(0).value()).isEqualTo(event(7, torn, Tier.LATENCY));
    assertThat(BrokerKit.headers(dead.get(0)))
        .containsEntry("phistream-error-code", "image-truncated")
        .containsEntry("__streams.errors.topic", input())
        .containsEntry("__streams.errors.offset", "7");
  }

  @Test
  void told_to_stop_it_answers_what_it_has_and_the_next_one_goes_on() {
    int count = 2000;
    send(count);
    try (ProcessorProcess first = ProcessorProcess.start(settings())) {
      Awaitility.await("first results").atMost(PATIENCE).until(() -> !outcomes().isEmpty());
      assertThat(first.terminate()).isZero();
    }
    assertThat(outcomes().size()).as("answered by the first").isPositive().isLessThan(count);

    try (ProcessorProcess second = ProcessorProcess.start(settings())) {
      awaitOutcomes(count, second);
    }

    assertThat(labelled().stream().map(Classification::getEventId))
        .containsExactlyInAnyOrderElementsOf(ids(count));
  }

  @Test
  void plain_images_go_in_and_json_comes_out() throws Exception {
    kafka.send(
        List.of(
            BrokerKit.record(input(), "key", image(1), Map.of("id", "one", "tier", "accuracy"))));
    Map<String, String> settings = settings();
    settings.put("input.format", "raw");
    settings.put("output.format", "json");
    try (ProcessorProcess processor = ProcessorProcess.start(settings).awaitReady()) {
      awaitOutcomes(1, processor);
    }

    ConsumerRecord<byte[], byte[]> result = kafka.readAll(labels(Tier.ACCURACY)).get(0);
    JsonNode json = new ObjectMapper().readTree(result.value());
    assertThat(new String(result.key(), UTF_8)).isEqualTo("key");
    assertThat(json.get("eventId").asText()).isEqualTo("one");
    assertThat(json.get("variant").asText()).isEqualTo("large");
    assertThat(json.get("labels")).hasSize(TinyModels.CLASSES.size());
  }

  private Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>(FastFailover.SETTINGS);
    settings.put("bootstrap", kafka.bootstrap());
    settings.put("application-id", name);
    settings.put("model-repository", models.toString());
    settings.put("models", "small,middle,large");
    settings.put("topics.input", input());
    settings.put("topics.labels", name + "-labels.{tier}");
    settings.put("topics.dead-letters", deadLetters());
    return settings;
  }

  private void send(int count) {
    List<byte[]> images = IntStream.range(0, 16).mapToObj(EndToEndIT::image).toList();
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      records.add(
          new ProducerRecord<>(
              input(), i % PARTITIONS, null, event(i, images.get(i % 16), tierOf(i))));
    }
    kafka.send(records);
  }

  private static byte[] image(long seed) {
    return EncodedImages.jpeg(120, 120, seed);
  }

  private static byte[] cutOff(byte[] file) {
    return Arrays.copyOf(file, file.length / 2);
  }

  private static byte[] event(int id, byte[] image, Tier tier) {
    return SingleObjectCodec.imageEvents()
        .encode(
            ImageEvents.builder(String.valueOf(id), "test", Instant.EPOCH, image)
                .setTier(tier)
                .build());
  }

  /** Not in step with the partitions, so that each partition has all tiers. */
  private static Tier tierOf(int id) {
    return TIERS.get(id % TIERS.size());
  }

  private void awaitOutcomes(int count, ProcessorProcess processor) {
    Awaitility.await(count + " outcomes")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .failFast("the processor is alive", processor::checkAlive)
        .until(() -> outcomes().size() >= count);
  }

  private Collection<ConsumerRecord<byte[], byte[]>> outcomes() {
    List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>(kafka.readAll(labelTopics()));
    all.addAll(kafka.readAll(deadLetters()));
    return all;
  }

  private List<Classification> labelled() {
    return kafka.readAll(labelTopics()).stream().map(EndToEndIT::read).toList();
  }

  private static Classification read(ConsumerRecord<byte[], byte[]> result) {
    try {
      return SingleObjectCodec.classifications().decode(result.value());
    } catch (dev.phistream.schema.UnreadableRecordException e) {
      throw new AssertionError("a result that is none", e);
    }
  }

  private void assertInOrderPerPartitionAndTier() {
    for (Tier tier : TIERS) {
      Map<Integer, Map<Integer, List<Long>>> offsets = new TreeMap<>();
      for (ConsumerRecord<byte[], byte[]> result : kafka.readAll(labels(tier))) {
        Classification classification = read(result);
        offsets
            .computeIfAbsent(classification.getOrigin().getPartition(), p -> new TreeMap<>())
            .computeIfAbsent(result.partition(), p -> new ArrayList<>())
            .add(classification.getOrigin().getOffset());
      }
      assertThat(offsets).hasSize(PARTITIONS);
      offsets
          .values()
          .forEach(byOutput -> byOutput.values().forEach(o -> assertThat(o).isSorted()));
    }
  }

  private static Set<String> ids(int count) {
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < count; i++) {
      ids.add(String.valueOf(i));
    }
    return ids;
  }

  private String input() {
    return name + "-images";
  }

  private String deadLetters() {
    return name + "-dead-letters";
  }

  private String labels(Tier tier) {
    return name + "-labels." + tier.name().toLowerCase(Locale.ROOT);
  }

  private String[] labelTopics() {
    return TIERS.stream().map(this::labels).toArray(String[]::new);
  }
}
