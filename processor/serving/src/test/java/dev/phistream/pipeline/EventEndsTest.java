package dev.phistream.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.batching.BatchPolicy;
import dev.phistream.batching.BatchPredictor;
import dev.phistream.batching.Device;
import dev.phistream.batching.MicroBatcher;
import dev.phistream.batching.NanoClock;
import dev.phistream.batching.QueueKey;
import dev.phistream.image.Preprocessing;
import dev.phistream.image.Preprocessor;
import dev.phistream.latency.LatencyModel;
import dev.phistream.testkit.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a stage does with an event, the event ends within the stage's deadline, exactly once,
 * and the next one is answered. Each stage has one thread here.
 */
@Timeout(60)
class EventEndsTest {
  /** Where the fault is. */
  enum Step {
    FETCH,
    DECODE,
    BATCH,
    ANSWER
  }

  private static final Duration DEADLINE = Duration.ofMillis(400);

  /** Of the machine, which others use, too. */
  private static final Duration SLACK = Duration.ofSeconds(5);

  private static final ImageSource.Reference POISON = new ImageSource.Reference("poison", "", 1);
  private static final ImageSource.Reference GOOD = new ImageSource.Reference("good", "", 1);

  private final CountDownLatch end = new CountDownLatch(1);
  private final AtomicInteger ends = new AtomicInteger();
  private volatile @Nullable Fault fault;
  private volatile @Nullable Step faulty;
  private volatile boolean poisoned;

  private final PipelineStages stages =
      new PipelineStages(
          reference -> {
            poisoned = reference.equals(POISON);
            step(Step.FETCH);
            return new byte[1];
          },
          (encoded, preprocessor) -> {
            step(Step.DECODE);
            return new byte[3];
          },
          new PipelineStages.Limits(
              new StageLimits(1, DEADLINE),
              new StageLimits(1, DEADLINE),
              new StageLimits(1, DEADLINE),
              /* decodeMemoryBytes= */ 1 << 20),
          NanoClock.SYSTEM);
  private final MicroBatcher<byte[], float[]> batcher =
      new MicroBatcher<>(
          queue -> new BatchPolicy(1),
          List.of(device("one"), device("other"), device("third")),
          DEADLINE,
          NanoClock.SYSTEM);
  private final LatencyModel latency =
      new LatencyModel(
          batcher.forecast().by(QueueKey::of), 1, (variant, predicted, took) -> step(Step.ANSWER));
  private final BatchingClassifier classifier =
      new BatchingClassifier(
          new ActiveModels(
              List.of(
                  new LoadedModel(
                      new ServedModel(
                          "small",
                          "model",
                          "digest",
                          new Preprocessor(Preprocessing.imagenet(1, 1)),
                          new Labels(List.of("ant"))),
                      QueueKey.of("small")))),
          "engine",
          stages,
          batcher,
          latency,
          NanoClock.SYSTEM,
          (slot, broken) -> {});

  @AfterEach
  void close() {
    end.countDown();
    stages.closeIntake();
    batcher.close();
    stages.close();
  }

  static Stream<Arguments> every_fault_in_every_stage() {
    return Stream.of(Step.values())
        .flatMap(step -> Stream.of(Fault.values()).map(what -> Arguments.of(step, what)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("every_fault_in_every_stage")
  void an_event_ends_whatever_a_stage_does_and_the_next_is_answered(Step step, Fault what)
      throws Exception {
    faulty = step;
    fault = what;

    long began = System.nanoTime();
    CompletableFuture<Answer> poison = submit(POISON);
    Throwable error = errorOf(poison);
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    poisoned = false;
    Answer next = submit(GOOD).get(SLACK.toSeconds(), TimeUnit.SECONDS);

    int tries = step == Step.BATCH ? 2 : 1; // a device that hangs may be the device's own fault
    assertThat(took).isLessThan(DEADLINE.multipliedBy(tries).plus(SLACK));
    assertThat(error).as("an event that nobody answers is told why").isNotNull();
    assertThat(next.labels()).hasSize(1);
    assertThat(ends).as("times that the two events ended").hasValue(2);
  }

  private CompletableFuture<Answer> submit(ImageSource image) {
    CompletableFuture<Answer> answer =
        classifier.submit(new ImageRequest(image, "small", Duration.ZERO, 1));
    var unused = answer.whenComplete((result, error) -> ends.incrementAndGet());
    return answer;
  }

  private static Throwable errorOf(CompletableFuture<Answer> answer) throws Exception {
    try {
      Answer got = answer.get(30, TimeUnit.SECONDS);
      throw new AssertionError("answered: " + got);
    } catch (ExecutionException e) {
      return Objects.requireNonNull(e.getCause());
    }
  }

  private void step(Step here) {
    Fault what = fault;
    if (poisoned && here == faulty && what != null) {
      what.happen(end);
    }
  }

  private Device<byte[], float[]> device(String name) {
    return new Device<>() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public BatchPredictor<byte[], float[]> predictor(QueueKey queue) {
        return inputs -> {
          step(Step.BATCH);
          return inputs.stream().map(input -> new float[] {1}).toList();
        };
      }
    };
  }
}
