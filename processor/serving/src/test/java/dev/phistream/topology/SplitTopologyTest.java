package dev.phistream.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.event.Tier;
import dev.phistream.latency.Prediction;
import dev.phistream.pipeline.ImageRequest;
import dev.phistream.routing.Router;
import dev.phistream.routing.TierPolicy;
import dev.phistream.trial.Trials;
import dev.phistream.wire.ClassificationJson;
import dev.phistream.wire.RawEventReader;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A router and the classifier of one variant; the test carries events from one to the other. */
@Timeout(60)
class SplitTopologyTest {
  private static final Instant CAPTURED = Instant.parse("2026-11-24T12:00:00Z");
  private static final Duration OBJECTIVE = Duration.ofMillis(100);
  private static final Duration ON_THE_WAY = Duration.ofMillis(30);

  private final ScriptedClassifier models = new ScriptedClassifier();
  private final Router policy =
      new Router(
          List.of("b0", "b4"),
          Map.of(
              Tier.LATENCY, new TierPolicy(List.of("b0"), Duration.ofMillis(20), OBJECTIVE),
              Tier.BALANCED, new TierPolicy("b4", Duration.ofMillis(10)),
              Tier.ACCURACY, new TierPolicy("b4", Duration.ofMillis(50))),
          Tier.BALANCED,
          (variant, objective) -> new Prediction(Duration.ZERO, Duration.ofMillis(40)));
  private final TopologyTestDriver router =
      driver(
          "router",
          TopologyFactory.router(
              new RouteParts(
                  policy,
                  List.of("b0", "b4"),
                  true,
                  new RawEventReader(),
                  TopicNames.DEFAULTS,
                  Safeguards.unlimited(new WindowSettings(8, 1 << 20), () -> false))),
          CAPTURED.plusSeconds(1));
  private final TopologyTestDriver classifier =
      driver(
          "classifier",
          TopologyFactory.topology(parts(), Map.of()),
          CAPTURED.plusSeconds(1).plus(ON_THE_WAY));

  @AfterEach
  void close() {
    router.close();
    classifier.close();
  }

  @Test
  void an_event_goes_to_the_topic_of_its_variant_as_it_is() {
    send("cat", "tier", "latency", "mine", "kept");

    TestRecord<byte[], byte[]> routed = read(router, "images.routed.b0").get(0);
    assertThat(routed.key()).isEqualTo("key".getBytes(UTF_8));
    assertThat(routed.value()).isEqualTo("cat".getBytes(UTF_8));
    assertThat(routed.getRecordTime()).isEqualTo(CAPTURED);
    assertThat(text(routed, "mine")).isEqualTo("kept");
    assertThat(text(routed, HeaderNames.ROUTE))
        .isEqualTo(
            "{\"topic\":\"images\",\"partition\":0,\"offset\":0,\"arrived\":1795521601000,"
                + "\"tier\":\"LATENCY\",\"variant\":\"b0\",\"maxDelayMs\":20.0,\"objectiveMs\":100.0}");
    assertThat(read(router, "images.routed.b4")).isEmpty();
  }

  @Test
  void a_result_tells_of_the_event_in_the_input_topic_and_of_all_the_time_it_took()
      throws Exception {
    send("first", "tier", "accuracy");
    send("cat", "tier", "latency");
    carry("images.routed.b0");
    models.answer("cat");
    tick();

    TestRecord<byte[], byte[]> result = read(classifier, "labels.latency").get(0);
    assertThat(ClassificationJson.read(result.value()))
        .satisfies(
            label -> {
              assertThat(label.getOrigin().getTopic()).isEqualTo("images");
              assertThat(label.getOrigin().getOffset()).isEqualTo(1);
              assertThat(label.getRequestedTier()).isEqualTo(Tier.LATENCY);
              assertThat(label.getVariant()).isEqualTo("b0");
              assertThat(label.getTimings().getQueueMs()).isEqualTo(30 + 1);
              assertThat(label.getTimings().getTotalMs()).isEqualTo(30 + 6);
            });
    assertThat(result.key()).isEqualTo("key".getBytes(UTF_8));
    assertThat(result.headers().lastHeader(HeaderNames.ROUTE)).isNull();
  }

  @Test
  void what_is_left_of_an_objective_counts_from_the_arrival_at_the_router() {
    send("cat", "tier", "latency");
    carry("images.routed.b0");

    ImageRequest request = models.request("cat");
    assertThat(request.objective()).isEqualTo(OBJECTIVE.minus(ON_THE_WAY));
    assertThat(request.maxDelay()).isZero(); // of 20 ms
  }

  @Test
  void a_router_whose_clock_is_ahead_shortens_nothing() {
    router.advanceWallClockTime(ON_THE_WAY.multipliedBy(2));
    send("dog", "tier", "latency");
    carry("images.routed.b0");

    assertThat(models.request("dog").objective()).isEqualTo(OBJECTIVE);
  }

  @Test
  void why_a_smaller_variant_was_taken_reaches_the_result() throws Exception {
    send("cat", "budget-ms", "9");
    carry("images.routed.b0");
    models.answer("cat");
    tick();

    assertThat(ClassificationJson.read(read(classifier, "labels.balanced").get(0).value()))
        .extracting(label -> label.getDegraded())
        .isEqualTo("latency budget of 9 ms: no variant fits, b0 would take 40 ms");
  }

  @Test
  void what_cannot_be_routed_is_a_dead_letter_of_the_router() {
    send("bad tier", "tier", "someday");
    send("bad variant", "variant", "b9");
    send("bad budget", "budget-ms", "0");

    assertThat(
            read(router, "images.dead-letters").stream()
                .map(dead -> text(dead, HeaderNames.ERROR_CODE)))
        .containsExactly("event-invalid", "variant-unknown", "event-invalid");
  }

  @Test
  void what_cannot_be_answered_is_a_dead_letter_that_tells_of_the_input_topic() {
    send("first", "tier", "accuracy");
    send("odd", "tier", "latency", "top-k", "0");
    carry("images.routed.b0");
    tick();

    TestRecord<byte[], byte[]> dead = read(classifier, "images.dead-letters").get(0);
    assertThat(dead.value()).isEqualTo("odd".getBytes(UTF_8));
    assertThat(text(dead, "__streams.errors.topic")).isEqualTo("images");
    assertThat(text(dead, "__streams.errors.offset")).isEqualTo("1");
    assertThat(dead.headers().lastHeader(HeaderNames.ROUTE)).isNull();
  }

  @Test
  void an_event_that_no_router_has_sent_is_a_dead_letter() {
    pipe(
        classifier,
        "images.routed.b0",
        new TestRecord<>(null, "cat".getBytes(UTF_8), new RecordHeaders(), CAPTURED));
    tick();

    assertThat(text(read(classifier, "images.dead-letters").get(0), "__streams.errors.message"))
        .startsWith("header phistream-route: none that can be read");
  }

  @Test
  void records_stay_in_their_partition() {
    Headers headers = new RecordHeaders();
    new RouteHeader("images", 3, 5, 0, Tier.LATENCY, "b0", 1, null, null).writeTo(headers);
    OutcomePartition same = OutcomePartition.ofRouted();

    assertThat(same.partitions("images.routed.b0", null, null, headers, 4)).hasValue(Set.of(3));
    assertThat(same.partitions("images.routed.b0", null, null, headers, 2)).hasValue(Set.of(1));
  }

  private ClassifyParts parts() {
    return new ClassifyParts(
        models,
        policy,
        Trials.none(),
        new RawEventReader(),
        TopicNames.DEFAULTS.of("b0"),
        (topic, result) -> ClassificationJson.bytes(result),
        (topic, comparison) -> new byte[0],
        new Drain(),
        Safeguards.unlimited(new WindowSettings(8, 1 << 20), () -> false),
        new ClassifySettings(5, Duration.ofMillis(5), Duration.ofSeconds(60), true));
  }

  private static TopologyTestDriver driver(String name, Topology topology, Instant now) {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, name);
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    return new TopologyTestDriver(topology, properties, now);
  }

  private void send(String image, String... headers) {
    Headers all = new RecordHeaders().add("id", image.getBytes(UTF_8));
    for (int i = 0; i < headers.length; i += 2) {
      all.add(headers[i], headers[i + 1].getBytes(UTF_8));
    }
    pipe(
        router,
        "images",
        new TestRecord<>("key".getBytes(UTF_8), image.getBytes(UTF_8), all, CAPTURED));
  }

  private void carry(String topic) {
    read(router, topic).forEach(record -> pipe(classifier, topic, record));
  }

  private static void pipe(
      TopologyTestDriver driver, String topic, TestRecord<byte[], byte[]> record) {
    driver
        .createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer())
        .pipeInput(record);
  }

  private void tick() {
    classifier.advanceWallClockTime(Duration.ofMillis(5));
  }

  private static List<TestRecord<byte[], byte[]>> read(TopologyTestDriver driver, String topic) {
    if (!driver.producedTopicNames().contains(topic)) {
      return List.of();
    }
    return driver
        .createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
        .readRecordsToList();
  }

  private static String text(TestRecord<byte[], byte[]> record, String header) {
    Header found = record.headers().lastHeader(header);
    return found == null ? "(no header " + header + ")" : new String(found.value(), UTF_8);
  }
}
