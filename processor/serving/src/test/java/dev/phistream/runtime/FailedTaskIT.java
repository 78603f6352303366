package dev.phistream.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.event.Classification;
import dev.phistream.runtime.RecordFlow.Outcome;
import dev.phistream.testkit.BrokerKit;
import dev.phistream.testkit.TinyModels;
import dev.phistream.wire.EventReader;
import dev.phistream.wire.SchemaRegistryException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tasks that fail cost seconds, and the event that makes them fail costs itself. */
@Timeout(300)
@ExtendWith(BrokerKit.Extension.class)
class FailedTaskIT {
  private static final Duration SOON = Duration.ofSeconds(40);

  /** The events alone take ten seconds. */
  private static final Duration LATER = Duration.ofSeconds(90);

  private static final int PARTITIONS = 2;

  @TempDir private static Path models;

  private final BrokerKit kafka;
  private final RecordFlow flow;

  FailedTaskIT(BrokerKit kafka) {
    this.kafka = kafka;
    this.flow = new RecordFlow(kafka, "failed-task", models);
  }

  @BeforeAll
  static void one_small_network() throws Exception {
    TinyModels.write(models, "small", -12);
  }

  @AfterEach
  void close() {
    flow.close();
  }

  /** With Kafka's default session time-out of 45 s. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void a_thread_that_fails_costs_less_than_five_seconds(int threads) throws Exception {
    flow.createTopics(PARTITIONS, Map.of());
    AtomicInteger failures = new AtomicInteger();
    ScheduledExecutorService sender = Executors.newSingleThreadScheduledExecutor();
    AtomicInteger sent = new AtomicInteger();
    try (StreamProcessor processor =
            flow.start(
                Map.of("stream-threads", String.valueOf(threads)),
                overrides(reader -> failingOnce(reader, "fails", failures)));
        Producer<byte[], byte[]> producer =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrap()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
      var sending =
          sender.scheduleAtFixedRate(
              () -> {
                var unused = producer.send(next(sent.getAndIncrement()));
              },
              0,
              100,
              TimeUnit.MILLISECONDS);
      flow.await(100, LATER);
      sending.cancel(false);
      sender.shutdown();
      assertThat(sender.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
      flow.await(sent.get(), LATER);
      assertThat(processor.ended()).isNotDone();
    } finally {
      sender.shutdownNow();
    }

    assertThat(failures).hasValue(1);
    assertThat(flow.outcomes().values()).allSatisfy(each -> assertThat(each).hasSize(1));
    assertThat(longestGap()).isLessThan(Duration.ofSeconds(5));
  }

  @ParameterizedTest
  @CsvSource({"exactly_once_v2, 1", "at_least_once, 1", "exactly_once_v2, 2"})
  void an_event_with_which_its_task_fails_each_time_is_given_up_and_its_neighbours_are_labelled(
      String guarantee, int threads) throws Exception {
    flow.createTopics(PARTITIONS, Map.of());
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    IntStream.range(0, 20).forEach(i -> records.add(flow.good(0, "g" + i)));
    records.add(10, flow.good(0, "poison"));
    IntStream.range(0, 20).forEach(i -> records.add(flow.good(1, "h" + i)));
    kafka.send(records);

    try (StreamProcessor processor =
        flow.start(
            Map.of(
                "kafka.processing.guarantee", guarantee, "stream-threads", String.valueOf(threads)),
            RecordFlow.overrides(
                UnaryOperator.identity(), UnaryOperator.identity(), FailedTaskIT::poisoned))) {
      flow.await(41, SOON);
      assertThat(processor.ended()).isNotDone();
    }

    assertThat(flow.outcomes().get("0@10"))
        .extracting(Outcome::code)
        .containsExactly("quarantined");
    assertThat(flow.outcomes()).hasSize(41);
    assertThat(
            flow.outcomes().entrySet().stream()
                .filter(outcome -> !outcome.getKey().equals("0@10"))
                .flatMap(outcome -> outcome.getValue().stream()))
        .allSatisfy(outcome -> assertThat(outcome.code()).isEqualTo(Outcome.LABEL));
  }

  @Test
  void more_events_that_make_their_task_fail_than_there_are_restarts_do_not_end_the_processor()
      throws Exception {
    flow.createTopics(PARTITIONS, Map.of());
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      records.add(flow.good(0, "g" + i));
      records.add(flow.good(0, "poison"));
    }
    kafka.send(records);

    try (StreamProcessor processor =
        flow.start(
            Map.of(),
            RecordFlow.overrides(
                UnaryOperator.identity(), UnaryOperator.identity(), FailedTaskIT::poisoned))) {
      flow.await(10, Duration.ofSeconds(60));
      assertThat(processor.ended()).isNotDone();
    }

    assertThat(flow.outcomes().values().stream().flatMap(List::stream).map(Outcome::code))
        .containsOnly(Outcome.LABEL, "quarantined")
        .hasSize(10);
  }

  private ProducerRecord<byte[], byte[]> next(int number) {
    return flow.good(number % PARTITIONS, number == 30 ? "fails" : "e" + number);
  }

  private static ProcessorOverrides overrides(UnaryOperator<EventReader> reader) {
    return RecordFlow.overrides(reader, UnaryOperator.identity(), () -> RecordFlow.passing(null));
  }

  /** As if the schema registry were away for a moment. */
  private static EventReader failingOnce(EventReader reader, String id, AtomicInteger failures) {
    return record -> {
      var event = reader.read(record);
      if (event.getId().equals(id) && failures.getAndIncrement() == 0) {
        throw new SchemaRegistryException("registry: down", new IOException("refused"));
      }
      failures.updateAndGet(count -> Math.min(count, 1));
      return event;
    };
  }

  private static Processor<byte[], byte[], byte[], byte[]> poisoned() {
    return new ContextualProcessor<>() {
      @Override
      public void process(Record<byte[], byte[]> result) {
        if (new String(result.value(), UTF_8).contains("poison")) {
          throw new IllegalStateException("poisoned");
        }
        context().forward(result);
      }
    };
  }

  private Duration longestGap() {
    List<Instant> times =
        flow.outcomes().values().stream()
            .flatMap(List::stream)
            .map(Outcome::result)
            .filter(Objects::nonNull)
            .map(Classification::getClassifiedAt)
            .sorted()
            .toList();
    Duration longest = Duration.ZERO;
    @Nullable Instant before = null;
    for (Instant time : times) {
      if (before != null && Duration.between(before, time).compareTo(longest) > 0) {
        longest = Duration.between(before, time);
      }
      before = time;
    }
    System.out.println("longest gap between results: " + longest.toMillis() + " ms");
    return longest;
  }
}
