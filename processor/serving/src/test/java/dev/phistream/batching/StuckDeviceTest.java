package dev.phistream.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Devices that hang until the test lets go, and a clock that the test moves. */
@Timeout(30)
class StuckDeviceTest {
  private static final Duration LIMIT = Duration.ofHours(8);
  private static final Duration CHECK = LIMIT.dividedBy(8);

  private final AtomicLong now = new AtomicLong();
  private final CountDownLatch inCall = new CountDownLatch(1);
  private final CountDownLatch retire = new CountDownLatch(1);
  private final AtomicInteger calls = new AtomicInteger();

  /** The first call hangs, and those after it answer. */
  private final Device<Integer, Integer> first = device("gpu:0", true);

  private final Device<Integer, Integer> second = device("gpu:1", true);

  @AfterEach
  void let_go() {
    retire.countDown();
  }

  @Test
  void items_of_a_stuck_device_run_again_on_another() throws Exception {
    try (MicroBatcher<Integer, Integer> batcher = batcher(List.of(first, second))) {
      List<CompletableFuture<Batched<Integer>>> outputs = submit(batcher, 4);
      inCall.await();

      passTime(batcher, LIMIT);

      for (int item = 0; item < 4; item++) {
        assertThat(outputs.get(item).get().output()).isEqualTo(2 * item);
      }
      assertThat(lost(batcher)).isEqualTo(1);
    }
  }

  @Test
  void a_stuck_device_gets_no_more_batches_even_when_it_comes_back() throws Exception {
    try (MicroBatcher<Integer, Integer> batcher = batcher(List.of(first, second))) {
      CompletableFuture<Batched<Integer>> output = submit(batcher, 1).get(0);
      inCall.await();
      passTime(batcher, LIMIT);
      String healthy = output.get().device();
      retire.countDown();

      for (int i = 0; i < 20; i++) {
        assertThat(submit(batcher, 1).get(0).get().device()).isEqualTo(healthy);
      }
    }
  }

  @Test
  void without_another_device_what_waits_and_what_comes_fails_as_the_engines_fault()
      throws Exception {
    try (MicroBatcher<Integer, Integer> batcher = batcher(first)) {
      List<CompletableFuture<Batched<Integer>>> outputs = submit(batcher, 2);
      inCall.await();
      CompletableFuture<Batched<Integer>> waiting = submit(batcher, 1).get(0);

      passTime(batcher, LIMIT);

      outputs.add(waiting);
      outputs.addAll(submit(batcher, 1));
      for (CompletableFuture<Batched<Integer>> output : outputs) {
        assertThatThrownBy(output::get)
            .hasCauseInstanceOf(DeviceLostException.class)
            .hasMessageContaining(
                "no device is left (expected: at least one; restart the processor): gpu:0 is stuck:"
                    + " 2 items of small have not returned for 28800.0 s");
      }
    }
  }

  @Test
  void a_call_within_the_limit_is_left_alone() throws Exception {
    try (MicroBatcher<Integer, Integer> batcher = batcher(first)) {
      CompletableFuture<Batched<Integer>> output = submit(batcher, 1).get(0);
      inCall.await();

      passTime(batcher, LIMIT.minus(CHECK));
      retire.countDown();

      assertThat(output.get().output()).isZero();
      assertThat(lost(batcher)).isZero();
    }
  }

  @Test
  void time_in_which_the_process_stood_still_does_not_count() throws Exception {
    try (MicroBatcher<Integer, Integer> batcher = batcher(first)) {
      CompletableFuture<Batched<Integer>> output = submit(batcher, 1).get(0);
      inCall.await();
      batcher.checkDevices();

      now.addAndGet(LIMIT.multipliedBy(3).toNanos());
      batcher.checkDevices();
      retire.countDown();

      assertThat(output.get().output()).isZero();
      assertThat(lost(batcher)).isZero();
    }
  }

  @Test
  void a_device_that_says_it_is_lost_is_given_up_at_once_and_no_item_is_blamed() throws Exception {
    Device<Integer, Integer> broken =
        new Device<>() {
          @Override
          public String name() {
            return "gpu:0";
          }

          @Override
          public BatchPredictor<Integer, Integer> predictor(QueueKey key) {
            return inputs -> {
              throw new DeviceLostException("gpu:0 is lost: it fell off the bus");
            };
          }
        };
    try (MicroBatcher<Integer, Integer> batcher =
        batcher(List.of(broken, device("gpu:1", false)))) {
      for (int i = 0; i < 50; i++) {
        assertThat(submit(batcher, 2).get(1).get().device()).isEqualTo("gpu:1");
      }
    }
  }

  @Test
  void an_item_that_hangs_wherever_it_runs_costs_two_devices_and_only_itself_an_answer()
      throws Exception {
    int poison = 2;
    List<Device<Integer, Integer>> devices =
        List.of(hangingOn(poison, "gpu:0"), hangingOn(poison, "gpu:1"), hangingOn(poison, "gpu:2"));
    try (MicroBatcher<Integer, Integer> batcher = batcher(devices)) {
      List<CompletableFuture<Batched<Integer>>> outputs = submit(batcher, 4);

      passTimeUntil(batcher, () -> outputs.get(poison).isDone());

      assertThatThrownBy(outputs.get(poison)::get).hasCauseInstanceOf(StuckItemException.class);
      for (int item : new int[] {0, 1, 3}) {
        assertThat(outputs.get(item).get().output()).isEqualTo(2 * item);
      }
      assertThat(lost(batcher)).isEqualTo(2);
      assertThat(submit(batcher, 1).get(0).get().output()).isZero();
    }
  }

  @Test
  void closing_waits_for_no_stuck_device() throws Exception {
    MicroBatcher<Integer, Integer> batcher = batcher(first);
    submit(batcher, 1);
    inCall.await();
    CompletableFuture<Void> closing = CompletableFuture.runAsync(batcher::close);

    passTime(batcher, LIMIT);

    closing.get();
    assertThat(retire.getCount()).as("the call has not returned").isOne();
  }

  @Test
  void slow_models_get_twenty_times_what_is_expected_of_them() throws Exception {
    Duration slow = LIMIT;
    Device<Integer, Integer> slowDevice = device("cpu", true, slow);
    try (MicroBatcher<Integer, Integer> batcher = batcher(slowDevice)) {
      CompletableFuture<Batched<Integer>> output = submit(batcher, 1).get(0);
      inCall.await();

      passTime(batcher, LIMIT.multipliedBy(19));
      assertThat(output).isNotDone();
      assertThat(lost(batcher)).isZero();
      passTime(batcher, LIMIT.multipliedBy(2));

      assertThat(lost(batcher)).isOne();
    }
  }

  /** The watchdog's own checks find nothing in between: its clock stands still for them. */
  private void passTime(MicroBatcher<Integer, Integer> batcher, Duration time) {
    batcher.checkDevices(); // sees the call
    for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(CHECK)) {
      now.addAndGet(CHECK.toNanos());
      batcher.checkDevices();
    }
  }

  private void passTimeUntil(MicroBatcher<Integer, Integer> batcher, BooleanSupplier done)
      throws InterruptedException {
    while (!done.getAsBoolean()) {
      now.addAndGet(CHECK.toNanos() / 8);
      batcher.checkDevices();
      Thread.sleep(1);
    }
  }

  private static long lost(MicroBatcher<Integer, Integer> batcher) {
    return IntStream.range(0, batcher.devices()).filter(batcher::isLost).count();
  }

  private MicroBatcher<Integer, Integer> batcher(Device<Integer, Integer> device) {
    return batcher(List.of(device));
  }

  private MicroBatcher<Integer, Integer> batcher(List<Device<Integer, Integer>> devices) {
    return new MicroBatcher<>(variant -> new BatchPolicy(8), devices, LIMIT, now::get);
  }

  /** Reserved before the first is handed over, so that they share a micro-batch. */
  private List<CompletableFuture<Batched<Integer>>> submit(
      MicroBatcher<Integer, Integer> batcher, int items) {
    List<MicroBatcher<Integer, Integer>.Reservation> places =
        IntStream.range(0, items)
            .mapToObj(
                i ->
                    batcher.reserve(
                        QueueKey.of("small"), Urgency.of(now.get(), Duration.ofDays(99), null)))
            .toList();
    List<CompletableFuture<Batched<Integer>>> outputs = new ArrayList<>();
    for (int item = 0; item < items; item++) {
      outputs.add(places.get(item).submit(item));
    }
    return outputs;
  }

  private Device<Integer, Integer> hangingOn(int poison, String name) {
    return new Device<>() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public BatchPredictor<Integer, Integer> predictor(QueueKey key) {
        return inputs -> {
          if (inputs.contains(poison)) {
            retire.await();
          }
          return inputs.stream().map(input -> 2 * input).toList();
        };
      }
    };
  }

  private Device<Integer, Integer> device(String name, boolean hangs) {
    return device(name, hangs, Duration.ZERO);
  }

  private Device<Integer, Integer> device(String name, boolean hangs, Duration expected) {
    return new Device<>() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public BatchPredictor<Integer, Integer> predictor(QueueKey key) {
        return inputs -> {
          if (hangs && calls.getAndIncrement() == 0) {
            inCall.countDown();
            retire.await();
          }
          return inputs.stream().map(input -> 2 * input).toList();
        };
      }

      @Override
      public Map<Integer, Duration> measured(QueueKey key) {
        return expected.isZero() ? Map.of() : Map.of(1, expected);
      }
    };
  }
}
