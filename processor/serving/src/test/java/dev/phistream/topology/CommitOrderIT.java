package dev.phistream.topology;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.phistream.testkit.BrokerKit;
import dev.phistream.topology.CommitTrace.Kind;
import dev.phistream.topology.CommitTrace.Step;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What {@code docs/ledger.md} takes for granted of Kafka Streams, seen in a real stream thread with
 * real clients. If one of these fails after an upgrade of Kafka, the ledger's argument does not
 * hold any more, whatever else passes.
 */
@Timeout(90)
@ExtendWith(BrokerKit.Extension.class)
@ParameterizedClass
@EnumSource(CommitOrderIT.Run.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CommitOrderIT {
  private static final String STORE = "ledger";
  private static final int ROUNDS = 6;
  private static final int EVENTS_PER_ROUND = 20;
  private static final int EVENTS = ROUNDS * EVENTS_PER_ROUND;

  /** Entries that stay behind the newest: the events in flight. */
  private static final int PENDING = 3;

  /** How a stream thread is run. */
  enum Run {
    EXACTLY_ONCE(StreamsConfig.EXACTLY_ONCE_V2, 0),
    AT_LEAST_ONCE(StreamsConfig.AT_LEAST_ONCE, 0),
    AT_LEAST_ONCE_WITH_COMMITS_THAT_FAIL(StreamsConfig.AT_LEAST_ONCE, 2);

    private final String guarantee;
    private final int failures;

    Run(String guarantee, int failures) {
      this.guarantee = guarantee;
      this.failures = failures;
    }
  }

  @TempDir private static Path state;

  @Parameter private Run run = Run.EXACTLY_ONCE;
  private final BrokerKit kafka;
  private String name = "";
  private List<Step> steps = List.of();
  private List<Step> nextOwner = List.of();

  CommitOrderIT(BrokerKit kafka) {
    this.kafka = kafka;
  }

  @BeforeParameterizedClassInvocation
  void two_owners_one_after_the_other() {
    name = kafka.unique("commit-order");
    kafka.createTopics(1, input(), output());
    CommitTrace first = new CommitTrace();
    try (KafkaStreams streams = start(first, run.failures, state.resolve(name + "-first"))) {
      for (int round = 1; round <= ROUNDS; round++) {
        int expected = round * EVENTS_PER_ROUND;
        send(EVENTS_PER_ROUND);
        Awaitility.await("records taken and committed")
            .atMost(Duration.ofSeconds(30))
            .until(() -> first.count(Kind.TAKEN) >= expected && isCommitted(first.steps()));
      }
      close(streams);
    }
    steps = first.steps();
    CommitTrace second = new CommitTrace();
    try (KafkaStreams streams = start(second, 0, state.resolve(name + "-second"))) {
      send(1);
      Awaitility.await("one record more")
          .atMost(Duration.ofSeconds(30))
          .until(() -> second.count(Kind.TAKEN) > 0);
      close(streams);
    }
    nextOwner = second.steps();
  }

  @Test
  void records_punctuators_and_commits_take_turns_on_one_thread() {
    Set<String> threads =
        steps.stream()
            .dropWhile(step -> step.kind() != Kind.OPENED) // restored by a thread of its own
            .filter(step -> step.kind() != Kind.ARRIVED)
            .map(Step::thread)
            .collect(Collectors.toSet());

    assertThat(threads).hasSize(1);
    assertThat(steps).extracting(Step::kind).contains(Kind.PUNCTUATED);
  }

  @Test
  void no_record_is_taken_and_no_punctuator_runs_while_a_commit_goes_on() {
    boolean committing = false;
    int commits = 0;
    for (Step step : steps) {
      switch (step.kind()) {
        case WRITTEN, DELETED, COMMITTING -> committing = true;
        case COMMITTED, COMMIT_FAILED -> {
          committing = false;
          commits++;
        }
        case TAKEN, PUNCTUATED -> assertThat(committing).as("in the middle of a commit").isFalse();
        default -> {} // allowed at any time
      }
    }
    assertThat(commits).isGreaterThanOrEqualTo(ROUNDS);
  }

  @Test
  void the_cache_is_written_out_before_offsets_are_committed() {
    Set<Long> written = new TreeSet<>();
    long taken = 0;
    for (Step step : steps) {
      switch (step.kind()) {
        case TAKEN -> taken++;
        case WRITTEN -> written.add(step.number());
        case DELETED -> written.remove(step.number());
        case COMMITTING -> assertThat(written).as("entries").isEqualTo(pendingAfter(taken));
        default -> {} // does not change the store
      }
    }
    assertThat(taken).isEqualTo(EVENTS);
  }

  @Test
  void a_commit_covers_what_was_taken_and_nothing_else() {
    long taken = 0;
    for (Step step : steps) {
      if (step.kind() == Kind.TAKEN) {
        assertThat(step.number()).isEqualTo(taken++);
      } else if (step.kind() == Kind.COMMITTING) {
        assertThat(step.number()).isEqualTo(taken);
      }
    }
  }

  @Test
  void results_and_changelog_have_arrived_before_a_commit_is_done() {
    Kind latest = run == Run.EXACTLY_ONCE ? Kind.COMMITTED : Kind.COMMITTING;
    int underWay = 0;
    for (Step step : steps) {
      underWay += step.kind() == Kind.SENT ? 1 : step.kind() == Kind.ARRIVED ? -1 : 0;
      if (step.kind() == latest) {
        assertThat(underWay).as("records under way").isZero();
      }
    }
  }

  @Test
  void at_least_once_the_store_is_told_of_every_commit_before_anything_else_happens() {
    assumeTrue(run != Run.EXACTLY_ONCE, "exactly once, results and changelog arrive together");
    boolean owed = false;
    for (Step step : steps) {
      switch (step.kind()) {
        case COMMITTED -> owed = true;
        case TOLD -> owed = false;
        case TAKEN, PUNCTUATED, COMMITTING ->
            assertThat(owed).as("a commit that the store was not told of").isFalse();
        default -> {} // of other threads, or part of the next commit
      }
    }
    assertThat(owed).isFalse();
  }

  @Test
  void the_store_is_not_told_of_a_commit_that_failed() {
    boolean failed = false;
    for (Step step : steps) {
      switch (step.kind()) {
        case COMMIT_FAILED -> failed = true;
        case COMMITTING -> failed = false;
        case TOLD -> assertThat(failed).as("told of a failed commit").isFalse();
        default -> {} // does not tell
      }
    }
    assertThat(steps.stream().filter(step -> step.kind() == Kind.COMMIT_FAILED))
        .hasSize(run.failures);
  }

  @Test
  void the_next_owner_opens_with_what_was_pending_before_it_takes_a_record() {
    List<Step> opening =
        nextOwner.stream()
            .filter(step -> step.kind() == Kind.OPENED || step.kind() == Kind.TAKEN)
            .toList();

    assertThat(opening).extracting(Step::kind).containsExactly(Kind.OPENED, Kind.TAKEN);
    assertThat(opening).extracting(Step::number).containsExactly((long) PENDING, (long) EVENTS);
  }

  /** Whether a commit has been done since the last record was taken. */
  private static boolean isCommitted(List<Step> steps) {
    List<Kind> kinds = steps.stream().map(Step::kind).toList();
    return kinds.lastIndexOf(Kind.COMMITTED) > kinds.lastIndexOf(Kind.TAKEN);
  }

  private static Set<Long> pendingAfter(long taken) {
    return LongStream.range(Math.max(0, taken - PENDING), taken)
        .collect(TreeSet::new, Set::add, Set::addAll);
  }

  private KafkaStreams start(CommitTrace trace, int failures, Path state) {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, name);
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrap());
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, run.guarantee);
    properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 50);
    properties.put(StreamsConfig.POLL_MS_CONFIG, 5);
    properties.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
    properties.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
    TracedClients clients = new TracedClients(trace, failures);
    KafkaStreams streams = new KafkaStreams(topology(trace, clients), properties, clients);
    streams.start();
    return streams;
  }

  private static void close(KafkaStreams streams) {
    assertThat(
            streams.close(
                CloseOptions.groupMembershipOperation(
                        CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                    .withTimeout(Duration.ofSeconds(30))))
        .isTrue();
  }

  private Topology topology(CommitTrace trace, TracedClients clients) {
    return new Topology()
        .addSource("in", new ByteArrayDeserializer(), new ByteArrayDeserializer(), input())
        .addProcessor("pending", () -> new Pending(trace), "in")
        .addStateStore(
            Stores.keyValueStoreBuilder(clients.store(STORE), Serdes.String(), Serdes.ByteArray())
                .withCachingEnabled()
                .withLoggingEnabled(Map.of()),
            "pending")
        .addSink("out", output(), new ByteArraySerializer(), new ByteArraySerializer(), "pending");
  }

  /** Enters each record and strikes out the third one before it, as the ledger does. */
  private static final class Pending implements Processor<byte[], byte[], byte[], byte[]> {
    private final CommitTrace trace;
    private @Nullable ProcessorContext<byte[], byte[]> opened;

    Pending(CommitTrace trace) {
      this.trace = trace;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
      opened = context;
      KeyValueStore<String, byte[]> store = context.getStateStore(STORE);
      List<String> restored = new ArrayList<>();
      try (KeyValueIterator<String, byte[]> all = store.all()) {
        all.forEachRemaining(entry -> restored.add(entry.key));
      }
      trace.add(Kind.OPENED, restored.size());
      context.schedule(
          Duration.ofMillis(1), PunctuationType.WALL_CLOCK_TIME, now -> trace.add(Kind.PUNCTUATED));
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
      ProcessorContext<byte[], byte[]> context = Objects.requireNonNull(opened, "opened");
      KeyValueStore<String, byte[]> store = context.getStateStore(STORE);
      long offset = context.recordMetadata().orElseThrow().offset();
      trace.add(Kind.TAKEN, offset);
      store.put(String.valueOf(offset), record.value());
      if (offset >= PENDING) {
        store.delete(String.valueOf(offset - PENDING));
      }
      context.forward(record);
    }
  }

  private void send(int count) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      records.add(new ProducerRecord<>(input(), 0, null, "event".getBytes(US_ASCII)));
    }
    kafka.send(records);
  }

  private String input() {
    return name + "-in";
  }

  private String output() {
    return name + "-out";
  }
}
