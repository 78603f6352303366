package dev.phistream.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.event.ImageReference;
import dev.phistream.event.Tier;
import dev.phistream.pipeline.Answer;
import dev.phistream.pipeline.ImageClassifier;
import dev.phistream.pipeline.ImageSource;
import dev.phistream.runtime.RecordFlow.Outcome;
import dev.phistream.schema.ImageEvents;
import dev.phistream.schema.SingleObjectCodec;
import dev.phistream.testkit.BrokerKit;
import dev.phistream.testkit.TinyModels;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A model that is slow fills its window and fails nothing. */
@Timeout(300)
@ExtendWith(BrokerKit.Extension.class)
class BackPressureIT {
  private static final int WINDOW = 8;

  @TempDir private static Path models;

  private final BrokerKit kafka;
  private final RecordFlow flow;
  private final ConcurrentLinkedQueue<Runnable> slow = new ConcurrentLinkedQueue<>();

  BackPressureIT(BrokerKit kafka) {
    this.kafka = kafka;
    this.flow = new RecordFlow(kafka, "back-pressure", models);
  }

  @BeforeAll
  static void one_small_network() throws Exception {
    TinyModels.write(models, "small", -12);
  }

  @AfterEach
  void close() {
    flow.close();
  }

  @Test
  void a_full_partition_waits_for_longer_than_a_transaction_and_another_goes_on() throws Exception {
    flow.createTopics(2, Map.of());
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    IntStream.range(0, 3 * WINDOW)
        .forEach(i -> records.add(new ProducerRecord<>(flow.name(), 0, null, slowEvent(i))));
    kafka.send(records);

    try (StreamProcessor processor =
        flow.start(
            Map.of("window.events", String.valueOf(WINDOW)),
            RecordFlow.overrides(
                UnaryOperator.identity(),
                this::slowForReferences,
                () -> RecordFlow.passing(null)))) {
      for (int i = 0; i < 12; i++) {
        kafka.send(List.of(flow.good(1, "a" + i), flow.good(1, "b" + i)));
        flow.await(2 * (i + 1), Duration.ofSeconds(i == 0 ? 60 : 10)); // the first begins cold
        Thread.sleep(1000); // longer in all than the transaction time-out of 10 s
      }
      assertThat(slow).hasSize(WINDOW);
      assertThat(processor.ended()).isNotDone();

      IntStream.range(0, 100_000)
          .takeWhile(i -> flow.count() < 24 + 3 * WINDOW)
          .forEach(
              i -> {
                for (Runnable next = slow.poll(); next != null; next = slow.poll()) {
                  next.run();
                }
              });
    }

    assertThat(flow.outcomes()).hasSize(24 + 3 * WINDOW);
    assertThat(flow.outcomes().values().stream().flatMap(List::stream).map(Outcome::code))
        .containsOnly(Outcome.LABEL);
  }

  private byte[] slowEvent(int number) {
    return SingleObjectCodec.imageEvents()
        .encode(
            ImageEvents.builder(
                    "slow-" + number,
                    "test",
                    Instant.EPOCH,
                    new ImageReference("file:///none", "0".repeat(64), 1L))
                .setTier(Tier.ACCURACY)
                .build());
  }

  /** References are answered when the test says so, all others by the model. */
  private ImageClassifier slowForReferences(ImageClassifier classifier) {
    return request -> {
      if (request.image() instanceof ImageSource.Inline) {
        return classifier.submit(request);
      }
      CompletableFuture<Answer> answer = new CompletableFuture<>();
      slow.add(
          () ->
              answer.complete(
                  new Answer(
                      List.of(new Answer.Label(0, "slow", 1)),
                      "small",
                      "0",
                      "test",
                      "cpu",
                      1,
                      new Answer.Timings(
                          Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO),
                      1,
                      null)));
      return answer;
    };
  }
}
