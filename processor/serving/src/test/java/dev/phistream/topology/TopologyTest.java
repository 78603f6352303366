package dev.phistream.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.phistream.event.CascadeStage;
import dev.phistream.event.Classification;
import dev.phistream.event.ImageEvent;
import dev.phistream.event.Tier;
import dev.phistream.event.TierLoad;
import dev.phistream.latency.Prediction;
import dev.phistream.pipeline.Answer;
import dev.phistream.pipeline.Cascade;
import dev.phistream.pipeline.ClassificationException;
import dev.phistream.pipeline.EngineLostException;
import dev.phistream.routing.CascadePolicy;
import dev.phistream.routing.Router;
import dev.phistream.routing.TierPolicy;
import dev.phistream.trial.Trials;
import dev.phistream.wire.EventRecord;
import dev.phistream.wire.RawEventReader;
import dev.phistream.wire.SchemaRegistryException;
import dev.phistream.wire.UnreadableEventException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Events are plain texts with headers; results are the event's id and its first label. */
@Timeout(60)
class TopologyTest {
  private static final Instant CAPTURED = Instant.parse("2026-11-24T12:00:00Z");
  private static final int WINDOW = 4;
  private static final int MAX_EVENT_BYTES = 100_000;
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);

  private final ScriptedClassifier classifier = new ScriptedClassifier();
  private final Drain drain = new Drain();
  private final List<Classification> results = new ArrayList<>();
  private boolean registryIsDown;
  private @Nullable Error readerError;
  private int deadLetterBytes = Integer.MAX_VALUE;
  private int labelBytes = Integer.MAX_VALUE;
  private final Safeguards safeguards =
      Safeguards.create(
          this::limits, MAX_EVENT_BYTES, new WindowSettings(WINDOW, 1 << 20), drain::isRequested);
  private final TopologyTestDriver driver = driver();
  private final TestInputTopic<byte[], byte[]> images =
      driver.createInputTopic("images", new ByteArraySerializer(), new ByteArraySerializer());

  @AfterEach
  void close() {
    driver.close();
  }

  @Test
  void an_event_is_answered_on_the_topic_of_its_tier() {
    send("cat", "tier", "accuracy");
    classifier.answer("cat");
    tick();

    assertThat(labels("accuracy")).containsExactly("cat: label of cat");
    assertThat(labels("latency")).isEmpty();
  }

  @Test
  void key_timestamp_and_headers_pass_through_and_ours_are_added() {
    images.pipeInput(
        new TestRecord<>(
            "key".getBytes(UTF_8),
            "cat".getBytes(UTF_8),
            headers("tier", "latency", "mine", "kept"),
            CAPTURED));
    classifier.answer("cat");
    tick();

    TestRecord<byte[], byte[]> result = read("labels.latency").get(0);
    assertThat(result.key()).isEqualTo("key".getBytes(UTF_8));
    assertThat(result.getRecordTime()).isEqualTo(CAPTURED);
    assertThat(text(result, "mine")).isEqualTo("kept");
    assertThat(text(result, HeaderNames.TIER)).isEqualTo("latency");
    assertThat(text(result, HeaderNames.VARIANT)).isEqualTo("b0");
    assertThat(text(result, HeaderNames.MODEL)).isEqualTo("model-1");
  }

  @Test
  void a_trace_goes_on_with_a_span_of_its_own() {
    String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    send("cat", "tier", "latency", "traceparent", trace);
    classifier.answer("cat");
    tick();

    assertThat(text(read("labels.latency").get(0), "traceparent"))
        .matches("00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01")
        .isNotEqualTo(trace);
  }

  @Test
  void answers_keep_the_order_of_arrival_within_a_tier() {
    send("first", "tier", "latency");
    send("second", "tier", "latency");
    classifier.answer("second");
    tick();
    assertThat(labels("latency")).isEmpty();

    classifier.answer("first");
    tick();
    assertThat(labels("latency"))
        .containsExactly("first: label of first", "second: label of second");
  }

  @Test
  void a_slow_tier_does_not_hold_back_a_fast_one() {
    send("slow", "tier", "accuracy");
    send("fast", "tier", "latency");
    classifier.answer("fast");
    tick();

    assertThat(labels("latency")).containsExactly("fast: label of fast");
  }

  @Test
  void a_failed_event_becomes_a_dead_letter_with_its_own_bytes_and_the_reason() {
    send("torn", "tier", "latency", "mine", "kept");
    classifier.fail("torn", new ClassificationException("image-truncated", "torn: cut off"));
    tick();

    TestRecord<byte[], byte[]> dead = read("images.dead-letters").get(0);
    assertThat(dead.value()).isEqualTo("torn".getBytes(UTF_8));
    assertThat(text(dead, HeaderNames.ERROR_CODE)).isEqualTo("image-truncated");
    assertThat(text(dead, "__streams.errors.message")).isEqualTo("torn: cut off");
    assertThat(text(dead, "__streams.errors.exception"))
        .isEqualTo(ClassificationException.class.getName());
    assertThat(text(dead, "__streams.errors.topic")).isEqualTo("images");
    assertThat(text(dead, "__streams.errors.partition")).isEqualTo("0");
    assertThat(text(dead, "__streams.errors.offset")).isEqualTo("0");
    assertThat(text(dead, "mine")).isEqualTo("kept");
    assertThat(ledger()).isEmpty();
  }

  @Test
  void an_unreadable_event_becomes_a_dead_letter_and_the_next_is_answered() {
    images.pipeInput(new TestRecord<>(null, null, headers("tier", "latency"), CAPTURED));
    send("bad tier", "tier", "someday");
    send("bad variant", "variant", "b9");
    send("bad count", "top-k", "0");
    send("good", "tier", "latency");
    classifier.answer("good");
    tick();

    assertThat(read("images.dead-letters").stream().map(dead -> text(dead, HeaderNames.ERROR_CODE)))
        .containsExactly("event-empty", "event-invalid", "variant-unknown", "event-invalid");
    assertThat(labels("latency")).containsExactly("good: label of good");
  }

  @Test
  void an_unreachable_schema_registry_fails_the_thread_and_makes_no_dead_letter() {
    registryIsDown = true;

    assertThatThrownBy(() -> send("cat", "tier", "latency"))
        .hasRootCauseInstanceOf(IOException.class)
        .hasStackTraceContaining("registry: down");
    assertThat(read("images.dead-letters")).isEmpty();
  }

  @Test
  void an_unforeseen_error_becomes_a_dead_letter_too() {
    send("odd", "tier", "latency");
    classifier.fail("odd", new IllegalStateException("who knows"));
    tick();

    assertThat(text(read("images.dead-letters").get(0), HeaderNames.ERROR_CODE))
        .isEqualTo("internal");
  }

  @Test
  void the_ledger_holds_exactly_what_is_unanswered() {
    send("first", "tier", "latency");
    send("second", "tier", "accuracy");
    assertThat(ledger()).containsExactlyInAnyOrder("first", "second");

    classifier.answer("first");
    tick();
    assertThat(ledger()).containsExactly("second");
  }

  @Test
  void slots_are_used_again_so_that_the_changelog_stays_small() {
    classifier.answeringAtOnce();
    for (int i = 0; i < 100; i++) {
      send("event " + i, "tier", "latency");
    }
    tick();

    assertThat(labels("latency")).hasSize(100);
    assertThat(ledgerSlotsEverUsed()).isEqualTo(1);
  }

  @Test
  void a_full_window_takes_nothing_until_an_answer_comes() {
    for (int i = 0; i < WINDOW; i++) {
      assertThat(isFull()).isFalse();
      send("event " + i, "tier", "latency");
    }
    assertThat(isFull()).isTrue();

    classifier.answer("event 0");
    tick();

    assertThat(isFull()).isFalse();
  }

  @Test
  void an_event_that_is_never_answered_becomes_a_dead_letter_and_frees_the_window() {
    send("forgotten", "tier", "latency");
    send("behind it", "tier", "latency");
    classifier.answer("behind it");
    tick();
    assertThat(labels("latency")).isEmpty(); // in order

    driver.advanceWallClockTime(ANSWER_TIMEOUT);

    TestRecord<byte[], byte[]> dead = read("images.dead-letters").get(0);
    assertThat(text(dead, HeaderNames.ERROR_CODE)).isEqualTo("answer-timeout");
    assertThat(labels("latency")).containsExactly("behind it: label of behind it");
    assertThat(ledger()).isEmpty();
  }

  @Test
  void an_event_that_is_longer_than_the_ledger_takes_becomes_a_dead_letter_without_its_value() {
    deadLetterBytes = MAX_EVENT_BYTES;
    byte[] large = new byte[MAX_EVENT_BYTES];
    images.pipeInput(new TestRecord<>("key".getBytes(UTF_8), large, headers("a", "b"), CAPTURED));
    send("good", "tier", "latency");
    classifier.answer("good");
    tick();

    TestRecord<byte[], byte[]> dead = read("images.dead-letters").get(0);
    assertThat(text(dead, HeaderNames.ERROR_CODE)).isEqualTo("event-too-large");
    assertThat(dead.value()).isNull();
    assertThat(dead.key()).isEqualTo("key".getBytes(UTF_8));
    assertThat(text(dead, HeaderNames.OMITTED)).isEqualTo(String.valueOf(large.length));
    assertThat(text(dead, "__streams.errors.offset")).isEqualTo("0");
    assertThat(labels("latency")).containsExactly("good: label of good");
  }

  @Test
  void headers_count_for_the_length_of_an_event() {
    send("cat", "mine", "x".repeat(MAX_EVENT_BYTES));

    assertThat(text(read("images.dead-letters").get(0), HeaderNames.ERROR_CODE))
        .isEqualTo("event-too-large");
  }

  @Test
  void a_dead_letter_that_its_topic_would_not_take_comes_without_value_and_headers() {
    deadLetterBytes = 20_000;
    send("x".repeat(15_000), "tier", "someday", "mine", "left out");
    tick();

    TestRecord<byte[], byte[]> dead = read("images.dead-letters").get(0);
    assertThat(text(dead, HeaderNames.ERROR_CODE)).isEqualTo("event-invalid");
    assertThat(dead.value()).isNull();
    assertThat(text(dead, HeaderNames.OMITTED)).isEqualTo("15000");
    assertThat(dead.headers().lastHeader("mine")).isNull();
    assertThat(RecordSize.of(dead.key(), dead.value(), dead.headers()))
        .isLessThan(DeadLetters.LAST_RESORT_BYTES);
  }

  @Test
  void text_of_an_event_is_cut_where_a_dead_letter_repeats_it() {
    send("cat", "variant", "v".repeat(20_000));
    tick();

    assertThat(text(read("images.dead-letters").get(0), "__streams.errors.message"))
        .startsWith("variant: vvv")
        .contains("(20000 characters)")
        .hasSizeLessThan(512);
  }

  @Test
  void a_result_that_its_topic_would_not_take_becomes_a_dead_letter() {
    labelBytes = 20_000;
    send("cat", "tier", "latency", "mine", "x".repeat(20_000));
    classifier.answer("cat");
    tick();

    TestRecord<byte[], byte[]> dead = read("images.dead-letters").get(0);
    assertThat(text(dead, HeaderNames.ERROR_CODE)).isEqualTo("result-too-large");
    assertThat(dead.value()).isEqualTo("cat".getBytes(UTF_8));
    assertThat(labels("latency")).isEmpty();
  }

  @Test
  void an_error_of_the_reader_is_the_events_and_not_the_streams() {
    readerError = new StackOverflowError();
    send("deep", "tier", "latency");
    readerError = null;
    send("good", "tier", "balanced");
    tick();

    assertThat(text(read("images.dead-letters").get(0), HeaderNames.ERROR_CODE))
        .isEqualTo("internal");
    assertThat(classifier.unanswered()).containsExactly("good");
  }

  @Test
  void what_senders_call_phistream_does_not_pass_and_types_are_those_of_the_result() {
    send(
        "cat",
        "tier",
        "latency",
        "phistream-model",
        "forged",
        "phistream-mine",
        "forged",
        "content-type",
        "image/jpeg",
        "ce_specversion",
        "1.0",
        "ce_id",
        "7",
        "ce_source",
        "/camera",
        "ce_type",
        "com.example.image",
        "ce_extension",
        "kept");
    classifier.answer("cat");
    tick();

    TestRecord<byte[], byte[]> result = read("labels.latency").get(0);
    assertThat(text(result, HeaderNames.MODEL)).isEqualTo("model-1");
    assertThat(result.headers().lastHeader("phistream-mine")).isNull();
    assertThat(text(result, "content-type")).isEqualTo("application/avro");
    assertThat(text(result, "ce_type")).isEqualTo("dev.phistream.classification");
    assertThat(text(result, "ce_source")).isEqualTo("/phistream/labels.latency");
    assertThat(text(result, "ce_id")).isEqualTo("cat");
    assertThat(text(result, "ce_extension")).isEqualTo("kept");
    assertThat(text(result, HeaderNames.ORIGIN)).isEqualTo("images-0@0");
  }

  @Test
  void an_event_that_was_in_flight_when_its_task_failed_comes_again_alone() {
    safeguards.failures().count(new RecordPosition("images", 0, 0));
    send("suspect", "tier", "latency");
    send("next", "tier", "balanced");
    assertThat(isFull()).isTrue();
    assertThat(classifier.unanswered()).containsExactly("suspect");

    classifier.answer("suspect");
    tick();

    assertThat(isFull()).isFalse();
    assertThat(classifier.unanswered()).containsExactly("next");
    assertThat(labels("latency")).containsExactly("suspect: label of suspect");
  }

  @Test
  void an_event_that_was_in_flight_when_its_task_failed_twice_is_given_up() {
    safeguards.failures().count(new RecordPosition("images", 0, 0));
    safeguards.failures().count(new RecordPosition("images", 0, 0));
    send("poison", "tier", "latency");
    send("next", "tier", "latency");
    tick();

    TestRecord<byte[], byte[]> dead = read("images.dead-letters").get(0);
    assertThat(text(dead, HeaderNames.ERROR_CODE)).isEqualTo("quarantined");
    assertThat(classifier.unanswered()).containsExactly("next");
  }

  @Test
  void a_lost_engine_ends_the_task_and_its_events_are_no_dead_letters() {
    send("first", "tier", "latency");
    send("second", "tier", "latency");
    classifier.answer("first");
    classifier.fail("second", new EngineLostException("no device is left", new Exception()));

    assertThatThrownBy(this::tick)
        .hasStackTraceContaining("no device is left; its events are kept")
        .hasStackTraceContaining(EngineLostException.class.getName());

    assertThat(read("images.dead-letters")).isEmpty();
    assertThat(ledger()).containsExactly("second");
  }

  @Test
  void a_budget_reaches_the_classifier_as_the_events_objective() {
    send("cat", "tier", "latency", "budget-ms", "30");

    assertThat(classifier.request("cat").objective()).isEqualTo(Duration.ofMillis(30));
  }

  @Test
  void a_cascades_answer_is_of_the_variant_that_gave_it() {
    send("sure", "tier", "accuracy");
    send("unsure", "tier", "accuracy");
    assertThat(classifier.request("sure").variant()).isEqualTo("b4");
    assertThat(classifier.request("sure").cascade()).isEqualTo(new Cascade("b0", 1, 0.9));

    classifier.answer("sure", new Answer.Cascaded("b0", "b0", 0.95, 0.9));
    classifier.answer("unsure", new Answer.Cascaded("b4", "b0", 0.5, 0.9));
    tick();

    assertThat(read("labels.accuracy"))
        .extracting(result -> text(result, HeaderNames.VARIANT))
        .containsExactly("b0", "b4");
    assertThat(results)
        .extracting(Classification::getVariant, result -> result.getCascade().getEscalated())
        .containsExactly(tuple("b0", false), tuple("b4", true));
    assertThat(results.get(1).getCascade()).isEqualTo(new CascadeStage("b0", 0.5, 0.9, true));
    assertThat(results.get(1).getLoad()).isEqualTo(new TierLoad(1, 0.0, 0L, 0L));
  }

  @Test
  void an_event_that_its_tier_sheds_becomes_a_dead_letter_and_the_classifier_never_sees_it() {
    send("first", "tier", "balanced");
    send("second", "tier", "balanced");
    tick();
    assertThat(classifier.unanswered()).containsExactly("first");
    assertThat(read("images.dead-letters")).isEmpty(); // in order, within the tier

    classifier.answer("first");
    tick();

    TestRecord<byte[], byte[]> dead = read("images.dead-letters").get(0);
    assertThat(dead.value()).isEqualTo("second".getBytes(UTF_8));
    assertThat(text(dead, HeaderNames.ERROR_CODE)).isEqualTo("overloaded");
    assertThat(text(dead, "__streams.errors.message"))
        .startsWith("tier balanced: shed, for b4 would take 950 ms (objective: 1000 ms)");
  }

  @Test
  void while_draining_events_in_flight_are_answered_and_new_ones_only_noted() {
    send("in flight", "tier", "latency");
    classifier.answer("in flight");
    drain.drain(Duration.ZERO);
    send("late", "tier", "latency");

    assertThat(labels("latency")).containsExactly("in flight: label of in flight");
    assertThat(ledger()).containsExactly("late");
    assertThat(classifier.unanswered()).isEmpty();
  }

  private TopologyTestDriver driver() {
    Router router =
        new Router(
            List.of("b0", "b4"),
            Map.of(
                Tier.LATENCY, new TierPolicy("b0", Duration.ofMillis(2)),
                Tier.BALANCED,
                    new TierPolicy(
                        List.of("b4"), Duration.ofMillis(10), Duration.ofSeconds(1), true, null),
                Tier.ACCURACY,
                    new TierPolicy(
                        List.of("b4"),
                        Duration.ofMillis(50),
                        null,
                        false,
                        new CascadePolicy("b0", 1, 0.9))),
            Tier.BALANCED,
            (variant, objective) ->
                objective == null
                    ? Prediction.NONE
                    : new Prediction(Duration.ZERO, objective.multipliedBy(95).dividedBy(100)));
    ClassifyParts parts =
        new ClassifyParts(
            classifier,
            router,
            Trials.none(),
            this::readEvent,
            TopicNames.DEFAULTS,
            (topic, result) -> {
              results.add(result);
              return "%s: %s"
                  .formatted(result.getEventId(), result.getLabels().get(0).getLabel())
                  .getBytes(UTF_8);
            },
            (topic, comparison) -> new byte[0],
            drain,
            safeguards,
            new ClassifySettings(5, Duration.ofMillis(5), ANSWER_TIMEOUT));
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "topology-test");
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    return new TopologyTestDriver(TopologyFactory.topology(parts, Map.of()), properties);
  }

  private ImageEvent readEvent(EventRecord record) throws UnreadableEventException {
    if (readerError != null) {
      throw readerError;
    }
    if (registryIsDown) {
      throw new SchemaRegistryException("registry: down", new IOException("refused"));
    }
    return new RawEventReader().read(record);
  }

  private void send(String image, String... headers) {
    Headers all = headers(headers);
    all.add("id", image.getBytes(UTF_8));
    images.pipeInput(new TestRecord<>(null, image.getBytes(UTF_8), all, CAPTURED));
  }

  private TopicLimits limits(String topic) {
    return new TopicLimits(
        topic.startsWith("labels") ? labelBytes : deadLetterBytes, Long.MAX_VALUE, Long.MAX_VALUE);
  }

  private boolean isFull() {
    return safeguards.window().isFull(new TopicPartition("images", 0));
  }

  private void tick() {
    driver.advanceWallClockTime(Duration.ofMillis(5));
  }

  private List<String> labels(String tier) {
    return read("labels." + tier).stream()
        .map(result -> new String(result.value(), UTF_8))
        .toList();
  }

  private List<TestRecord<byte[], byte[]>> read(String topic) {
    if (!driver.producedTopicNames().contains(topic)) {
      return List.of();
    }
    return driver
        .createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
        .readRecordsToList();
  }

  private List<String> ledger() {
    KeyValueStore<SlotKey, PendingEvent> store =
        driver.getKeyValueStore(TopologyFactory.LEDGER_STORE);
    List<PendingEvent> events = new ArrayList<>();
    try (KeyValueIterator<SlotKey, PendingEvent> all = store.all()) {
      all.forEachRemaining(entry -> events.add(entry.value));
    }
    return events.stream()
        .sorted(Comparator.comparingLong(PendingEvent::offset))
        .map(event -> new String(event.value(), UTF_8))
        .toList();
  }

  private int ledgerSlotsEverUsed() {
    return (int)
        driver
            .createOutputTopic(
                "topology-test-in-flight-ledger-changelog",
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())
            .readRecordsToList()
            .stream()
            .map(change -> ByteBuffer.wrap(change.key()))
            .distinct()
            .count();
  }

  private static Headers headers(String... namesAndValues) {
    Headers headers = new RecordHeaders();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.add(namesAndValues[i], namesAndValues[i + 1].getBytes(UTF_8));
    }
    return headers;
  }

  private static String text(TestRecord<byte[], byte[]> record, String header) {
    Header found = record.headers().lastHeader(header);
    return found == null ? "(no header " + header + ")" : new String(found.value(), UTF_8);
  }
}
