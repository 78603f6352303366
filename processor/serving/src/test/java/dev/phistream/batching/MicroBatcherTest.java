package dev.phistream.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class MicroBatcherTest {
  private static final Duration FAR_OFF = Duration.ofHours(1);

  @Test
  void items_of_several_threads_share_a_batch() throws Exception {
    try (MicroBatcher<Integer, Integer> batcher = batcher(4, MicroBatcherTest::doubled)) {
      List<MicroBatcher<Integer, Integer>.Reservation> reservations = reserve(batcher, 4);
      List<CompletableFuture<Batched<Integer>>> outputs =
          List.of(0, 1, 2, 3).parallelStream()
              .map(item -> reservations.get(item).submit(item))
              .toList();

      for (int item = 0; item < 4; item++) {
        Batched<Integer> output = outputs.get(item).get();
        assertThat(output.output()).isEqualTo(2 * item);
        assertThat(output.batchSize()).isEqualTo(4);
        assertThat(output.device()).isEqualTo("test");
      }
    }
  }

  @Test
  void a_failing_item_fails_alone() throws Exception {
    BatchPredictor<Integer, Integer> poisoned =
        inputs -> {
          if (inputs.contains(5)) {
            throw new IllegalArgumentException("5 is poison");
          }
          return doubled(inputs);
        };
    try (MicroBatcher<Integer, Integer> batcher = batcher(8, poisoned)) {
      List<CompletableFuture<Batched<Integer>>> outputs = submitAll(batcher, 8);

      for (int item = 0; item < 8; item++) {
        CompletableFuture<Batched<Integer>> output = outputs.get(item);
        if (item == 5) {
          assertThatThrownBy(output::get)
              .isInstanceOf(ExecutionException.class)
              .hasRootCauseMessage("5 is poison");
        } else {
          assertThat(output.get().output()).isEqualTo(2 * item);
        }
      }
    }
  }

  @Test
  void a_predictor_that_loses_an_answer_is_found_out() {
    try (MicroBatcher<Integer, Integer> batcher = batcher(1, inputs -> List.of())) {
      CompletableFuture<Batched<Integer>> output = submitAll(batcher, 1).get(0);

      assertThatThrownBy(output::get).hasRootCauseMessage("small answered 0 of 1 items");
    }
  }

  @Test
  void a_cancelled_item_is_not_run() throws Exception {
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch free = new CountDownLatch(1);
    List<Integer> ran = new ArrayList<>();
    BatchPredictor<Integer, Integer> slow =
        inputs -> {
          busy.countDown();
          free.await();
          ran.addAll(inputs);
          return doubled(inputs);
        };
    try (MicroBatcher<Integer, Integer> batcher = batcher(1, slow)) {
      List<CompletableFuture<Batched<Integer>>> outputs = submitAll(batcher, 3);
      busy.await();
      outputs.get(1).cancel(false);
      free.countDown();

      assertThat(outputs.get(2).get().output()).isEqualTo(4);
      assertThat(ran).containsExactly(0, 2);
    }
  }

  @Test
  void closing_cancels_what_waits_and_refuses_what_comes() {
    MicroBatcher<Integer, Integer> batcher = batcher(8, MicroBatcherTest::doubled);
    List<MicroBatcher<Integer, Integer>.Reservation> reservations = reserve(batcher, 3);
    CompletableFuture<Batched<Integer>> waiting = reservations.get(0).submit(0);

    batcher.close();
    CompletableFuture<Batched<Integer>> late = reservations.get(1).submit(1);

    assertThatThrownBy(waiting::join).isInstanceOf(CancellationException.class);
    assertThatThrownBy(late::join).isInstanceOf(CancellationException.class);
  }

  @Test
  void what_one_idle_device_leaves_another_takes() throws Exception {
    CountDownLatch bothRun = new CountDownLatch(2);
    BatchPredictor<Integer, Integer> waitsForTheOther =
        inputs -> {
          bothRun.countDown();
          bothRun.await();
          return doubled(inputs);
        };
    try (MicroBatcher<Integer, Integer> batcher = batcher(2, 1, waitsForTheOther)) {
      for (CompletableFuture<Batched<Integer>> output : submitAll(batcher, 2)) {
        output.get();
      }
    }
  }

  @Test
  void no_item_is_forgotten_whichever_device_is_woken() {
    try (MicroBatcher<Integer, Integer> batcher = batcher(3, 4, MicroBatcherTest::doubled)) {
      List<CompletableFuture<Batched<Integer>>> outputs =
          IntStream.range(0, 20_000)
              .parallel()
              .mapToObj(
                  item -> {
                    var place = batcher.reserve(QueueKey.of("small"), urgency(item % 3));
                    batcher.reserve(QueueKey.of("small"), urgency(item % 2)).release();
                    return place.submit(item);
                  })
              .toList();

      for (int item = 0; item < outputs.size(); item++) {
        assertThat(outputs.get(item).join().output()).isEqualTo(2 * item);
      }
    }
  }

  private static Urgency urgency(int maxDelayMs) {
    return Urgency.of(System.nanoTime(), Duration.ofMillis(maxDelayMs), null);
  }

  private static List<Integer> doubled(List<Integer> inputs) {
    return inputs.stream().map(input -> 2 * input).toList();
  }

  private static MicroBatcher<Integer, Integer> batcher(
      int maxBatch, BatchPredictor<Integer, Integer> predictor) {
    return batcher(1, maxBatch, predictor);
  }

  private static MicroBatcher<Integer, Integer> batcher(
      int devices, int maxBatch, BatchPredictor<Integer, Integer> predictor) {
    Device<Integer, Integer> device =
        new Device<>() {
          @Override
          public String name() {
            return "test";
          }

          @Override
          public BatchPredictor<Integer, Integer> predictor(QueueKey key) {
            return predictor;
          }
        };
    return new MicroBatcher<>(
        variant -> new BatchPolicy(maxBatch),
        Collections.nCopies(devices, device),
        NanoClock.SYSTEM);
  }

  private static List<MicroBatcher<Integer, Integer>.Reservation> reserve(
      MicroBatcher<Integer, Integer> batcher, int items) {
    List<MicroBatcher<Integer, Integer>.Reservation> reservations = new ArrayList<>();
    for (int item = 0; item < items; item++) {
      reservations.add(
          batcher.reserve(QueueKey.of("small"), Urgency.of(System.nanoTime(), FAR_OFF, null)));
    }
    return reservations;
  }

  private static List<CompletableFuture<Batched<Integer>>> submitAll(
      MicroBatcher<Integer, Integer> batcher, int items) {
    List<MicroBatcher<Integer, Integer>.Reservation> reservations = reserve(batcher, items);
    List<CompletableFuture<Batched<Integer>>> outputs = new ArrayList<>();
    for (int item = 0; item < items; item++) {
      outputs.add(reservations.get(item).submit(item));
    }
    return outputs;
  }
}
