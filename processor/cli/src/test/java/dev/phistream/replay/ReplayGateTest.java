package dev.phistream.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.topology.HeaderNames;
import dev.phistream.topology.TopologyExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The gate and the counters; the test is the classifier between them. */
class ReplayGateTest {
  private static final TopicPartition PARTITION = new TopicPartition("images", 0);

  private final ReplayPlan plan = Plans.of(new PartitionRange(0, 2, 6));
  private final FetchWatch watch = new FetchWatch(plan);
  private final LiveCounts live = new LiveCounts();
  private int taken;
  private final TopologyTestDriver driver = driver();

  @AfterEach
  void close() {
    driver.close();
  }

  @Test
  void only_events_of_the_range_pass_and_carry_the_replays_id() {
    send(8);

    assertThat(classified().stream().map(event -> new String(event.value(), UTF_8)))
        .containsExactly("e2", "e4", "e5");
    assertThat(counts().get(Counts.READ)).isEqualTo(4);
    assertThat(counts().get(Counts.SKIPPED + "odd")).isEqualTo(1);
    assertThat(live.skippedSoFar()).isEqualTo(1);
    assertThat(taken).isEqualTo(3);
  }

  @Test
  void what_passed_before_does_not_pass_again_wherever_the_group_begins() {
    counts().put(Counts.POSITION, 5);
    send(8);

    assertThat(classified()).hasSize(1);
  }

  @Test
  void it_is_done_when_the_last_outcome_is_out_and_not_before() {
    send(6);
    tick();
    assertThat(notices()).isEmpty();

    label();
    label();
    tick();
    assertThat(notices()).isEmpty();

    deadLetter("image-truncated");
    tick();
    assertThat(notices())
        .singleElement()
        .satisfies(
            notice -> {
              JournalRecord.PartitionDone done =
                  (JournalRecord.PartitionDone) JournalRecord.read(notice.value());
              assertThat(notice.key()).isEqualTo("october".getBytes(UTF_8));
              assertThat(done.partition()).isZero();
              assertThat(done.counts())
                  .containsEntry("labelled", 2L)
                  .containsEntry("dead/image-truncated", 1L)
                  .containsEntry("skipped/odd", 1L);
            });

    tick();
    assertThat(notices()).isEmpty();
  }

  @Test
  void offsets_without_events_at_the_end_are_passed_by_the_consumers_position_alone() {
    send(3);
    label();
    watch.delivered(PARTITION, 2);
    watch.at(PARTITION, 5);
    tick();
    assertThat(notices()).isEmpty();

    watch.at(PARTITION, 6);
    tick();
    assertThat(notices()).hasSize(1);
  }

  @Test
  void events_that_the_consumer_has_handed_out_are_waited_for_although_it_is_past_the_end() {
    watch.delivered(PARTITION, 2);
    watch.at(PARTITION, 6);
    tick();
    assertThat(notices()).isEmpty();

    send(3);
    label();
    tick();
    assertThat(notices()).hasSize(1);
  }

  @Test
  void a_range_of_which_nothing_is_left_is_done_and_says_what_was_deleted() throws Exception {
    watch.deleted(PARTITION, 0, 9);
    watch.at(PARTITION, 9);
    tick();

    assertThat(
            ((JournalRecord.PartitionDone) JournalRecord.read(notices().get(0).value())).counts())
        .containsEntry("deleted-offsets", 4L);
  }

  private void send(int count) {
    for (int i = 0; i < count; i++) {
      driver
          .createInputTopic("images", new ByteArraySerializer(), new ByteArraySerializer())
          .pipeInput(null, ("e" + i).getBytes(UTF_8));
    }
  }

  private void label() {
    outcome("labelled", new RecordHeaders());
  }

  private void deadLetter(String code) {
    outcome("dead", new RecordHeaders().add(HeaderNames.ERROR_CODE, code.getBytes(UTF_8)));
  }

  private void outcome(String topic, Headers headers) {
    driver
        .createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer())
        .pipeInput(new TestRecord<>(null, new byte[] {1}, headers));
  }

  private void tick() {
    driver.advanceWallClockTime(Duration.ofMillis(100));
  }

  private List<TestRecord<byte[], byte[]>> classified() {
    return read("classified");
  }

  private List<TestRecord<byte[], byte[]>> notices() {
    return read("notices");
  }

  private List<TestRecord<byte[], byte[]>> read(String topic) {
    return driver.producedTopicNames().contains(topic)
        ? driver
            .createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
            .readRecordsToList()
        : List.of();
  }

  private Counts counts() {
    return new Counts(driver.getKeyValueStore(Counts.STORE));
  }

  private TopologyTestDriver driver() {
    ReplayParts parts =
        new ReplayParts(
            plan,
            event -> event.offset() == 3 ? "odd" : null,
            watch,
            () -> taken++,
            Comparison.NONE,
            live);
    StoreBuilder<?> counts = Counts.store();
    Topology topology = new Topology();
    for (String source : List.of("images", "labelled", "dead")) {
      topology.addSource(source, new ByteArrayDeserializer(), new ByteArrayDeserializer(), source);
    }
    topology
        .addProcessor("gate", with(counts, () -> new ReplayGate(parts)), "images")
        .addProcessor("labels", with(counts, () -> new LabelCounter(parts)), "labelled")
        .addProcessor("letters", with(counts, () -> new DeadLetterCounter(parts)), "dead");
    for (Map.Entry<String, String> sink :
        Map.of(
                TopologyExtension.CLASSIFIER,
                "gate",
                TopologyExtension.NOTICES,
                "gate",
                "l",
                "labels",
                "d",
                "letters")
            .entrySet()) {
      topology.addSink(
          sink.getKey(),
          sink.getKey().equals(TopologyExtension.CLASSIFIER) ? "classified" : sink.getKey(),
          new ByteArraySerializer(),
          new ByteArraySerializer(),
          sink.getValue());
    }
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "gate-test");
    return new TopologyTestDriver(topology, properties);
  }

  private static ProcessorSupplier<byte[], byte[], byte[], byte[]> with(
      StoreBuilder<?> store, Supplier<Processor<byte[], byte[], byte[], byte[]>> processor) {
    return new ProcessorSupplier<>() {
      @Override
      public Processor<byte[], byte[], byte[], byte[]> get() {
        return processor.get();
      }

      @Override
      public Set<StoreBuilder<?>> stores() {
        return Set.of(store);
      }
    };
  }
}
