package dev.phistream.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.runtime.RecordFlow.Outcome;
import dev.phistream.testkit.BrokerKit;
import dev.phistream.testkit.TinyModels;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Records that nobody should send, each between two good events of its partition: each of the three
 * has one outcome, within seconds, and the good ones have labels.
 */
@Timeout(600)
@ExtendWith(BrokerKit.Extension.class)
@ParameterizedClass
@EnumSource(HostileRecordsIT.Deployment.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileRecordsIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int MB = 1024 * 1024;
  private static final int PARTITIONS = 2;

  /** Roles and guarantees. */
  @SuppressWarnings("ImmutableEnumChecker") // lists that nobody changes
  enum Deployment {
    ONE_PROCESS_EXACTLY_ONCE("exactly_once_v2", List.of("all")),
    ONE_PROCESS_AT_LEAST_ONCE("at_least_once", List.of("all")),
    SPLIT_EXACTLY_ONCE("exactly_once_v2", List.of("router", "classifier")),
    SPLIT_AT_LEAST_ONCE("at_least_once", List.of("router", "classifier"));

    private final String guarantee;
    private final List<String> roles;

    Deployment(String guarantee, List<String> roles) {
      this.guarantee = guarantee;
      this.roles = roles;
    }
  }

  /** A record and what becomes of it. */
  @SuppressWarnings("ImmutableEnumChecker") // maps and functions that nobody changes
  enum Hostile {
    NO_VALUE("event-empty", Map.of(), topic -> record(topic, null)),
    EMPTY_VALUE("event-empty", Map.of(), topic -> record(topic, new byte[0])),
    JUNK("event-unreadable", Map.of(), topic -> record(topic, "no event".getBytes(UTF_8))),
    JUNK_JUST_BELOW_THE_LIMIT(
        "event-unreadable", Map.of(), topic -> record(topic, new byte[16 * MB - 200])),
    VARIANT_OF_9_MB(
        "variant-unknown",
        Map.of(),
        topic -> record(topic, RecordFlow.event("x", "v".repeat(9 * MB)))),
    ID_OF_9_MB(
        Outcome.LABEL,
        Map.of(),
        topic -> record(topic, RecordFlow.event("i".repeat(9 * MB), null))),
    ZEROS_OF_20_MB_COMPRESSED(
        "event-too-large",
        Map.of("compression.type", "zstd"),
        topic -> record(topic, new byte[20 * MB])),
    ZEROS_OF_60_MB_COMPRESSED(
        "event-too-large",
        Map.of("compression.type", "gzip"),
        topic -> record(topic, new byte[60 * MB])),
    EVENT_IN_20_MB_OF_HEADERS_COMPRESSED(
        "event-too-large",
        Map.of("compression.type", "gzip"),
        topic -> withHeader(record(topic, RecordFlow.event("x", null)), 20 * MB)),
    EVENT_IN_1_MB_OF_HEADERS(
        Outcome.LABEL,
        Map.of(),
        topic -> withHeader(record(topic, RecordFlow.event("x", null)), 1_200_000)),
    KEY_OF_9_MB(
        Outcome.LABEL,
        Map.of(),
        topic -> new ProducerRecord<>(topic, 0, new byte[9 * MB], RecordFlow.event("x", null))),
    NO_TIMESTAMP(Outcome.LABEL, Map.of(), topic -> timed(topic, RecordFlow.event("x", null), -1)),
    TIMESTAMP_IN_3_HOURS(
        Outcome.LABEL,
        Map.of(),
        topic ->
            timed(
                topic,
                RecordFlow.event("x", null),
                System.currentTimeMillis() + Duration.ofHours(3).toMillis())),
    JUNK_IN_3_HOURS(
        "event-unreadable",
        Map.of(),
        topic ->
            timed(
                topic,
                new byte[] {1},
                System.currentTimeMillis() + Duration.ofHours(3).toMillis())),
    TIMESTAMP_AT_THE_END_OF_TIME(
        Outcome.LABEL,
        Map.of(),
        topic -> timed(topic, RecordFlow.event("x", null), Long.MAX_VALUE)),
    TIMESTAMP_ZERO(Outcome.LABEL, Map.of(), topic -> timed(topic, RecordFlow.event("x", null), 0)),
    A_ROUTE_THAT_NO_ROUTER_WROTE(
        Outcome.LABEL,
        Map.of(),
        topic -> {
          ProducerRecord<byte[], byte[]> record = record(topic, RecordFlow.event("x", null));
          record.headers().add("phistream-route", "null".getBytes(UTF_8));
          return record;
        }),
    A_HEADER_WITHOUT_A_VALUE(
        Outcome.LABEL,
        Map.of(),
        topic -> {
          ProducerRecord<byte[], byte[]> record = record(topic, RecordFlow.event("x", null));
          record.headers().add("content-type", null).add("ce_specversion", null);
          return record;
        });

    private final String outcome;
    private final Map<String, Object> producer;
    private final Function<String, ProducerRecord<byte[], byte[]>> record;

    Hostile(
        String outcome,
        Map<String, Object> producer,
        Function<String, ProducerRecord<byte[], byte[]>> record) {
      this.outcome = outcome;
      this.producer = producer;
      this.record = record;
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, byte @Nullable [] value) {
      return new ProducerRecord<>(topic, 0, null, value);
    }

    private static ProducerRecord<byte[], byte[]> withHeader(
        ProducerRecord<byte[], byte[]> record, int bytes) {
      record.headers().add("mine", new byte[bytes]);
      return record;
    }

    /** Kafka's own class refuses times that other clients send. */
    private static ProducerRecord<byte[], byte[]> timed(
        String topic, byte[] value, long timestamp) {
      return new ProducerRecord<>(topic, 0, null, value) {
        @Override
        public Long timestamp() {
          return timestamp;
        }
      };
    }
  }

  @TempDir private static Path models;

  @Parameter private Deployment deployment = Deployment.ONE_PROCESS_EXACTLY_ONCE;
  private final BrokerKit kafka;
  private final List<StreamProcessor> processors = new ArrayList<>();
  private final Map<Integer, Long> sent = new HashMap<>();
  private RecordFlow flow;

  HostileRecordsIT(BrokerKit kafka) {
    this.kafka = kafka;
    this.flow = new RecordFlow(kafka, "none", models);
  }

  @BeforeAll
  static void one_small_network() throws Exception {
    TinyModels.write(models, "small", -12);
  }

  @BeforeParameterizedClassInvocation
  void processors() throws Exception {
    flow = new RecordFlow(kafka, "hostile", models);
    flow.createTopics(PARTITIONS, Map.of());
    sent.clear();
    for (String role : deployment.roles) {
      processors.add(
          flow.start(
              Map.of("role", role, "kafka.processing.guarantee", deployment.guarantee), null));
    }
  }

  @AfterParameterizedClassInvocation
  void close() {
    processors.forEach(StreamProcessor::close);
    processors.clear();
    flow.close();
  }

  @ParameterizedTest
  @EnumSource(Hostile.class)
  void has_one_outcome_and_its_neighbours_have_labels(Hostile hostile) {
    int before = flow.count();
    long first = sent.merge(0, 3L, Long::sum) - 3;
    kafka.send(List.of(flow.good(0, "before")));
    kafka.send(List.of(hostile.record.apply(flow.name())), sending(hostile));
    kafka.send(List.of(flow.good(0, "after"), flow.good(1, "beside")));

    Map<String, List<Outcome>> outcomes = flow.await(before + 4, SOON);

    assertThat(outcomes.values()).allSatisfy(each -> assertThat(each).hasSize(1));
    assertThat(LongStream.range(first, first + 3).mapToObj(offset -> outcomes.get("0@" + offset)))
        .extracting(each -> Objects.requireNonNull(each).get(0).code())
        .containsExactly(Outcome.LABEL, hostile.outcome, Outcome.LABEL);
    assertThat(Objects.requireNonNull(outcomes.get("0@" + (first + 1))).get(0).partition())
        .isZero();
    assertThat(processors).allSatisfy(each -> assertThat(each.ended()).isNotDone());
  }

  private static Map<String, Object> sending(Hostile hostile) {
    Map<String, Object> settings = new HashMap<>(hostile.producer);
    settings.put("max.request.size", 80 * MB);
    settings.put("buffer.memory", 100L * MB);
    return settings;
  }
}
