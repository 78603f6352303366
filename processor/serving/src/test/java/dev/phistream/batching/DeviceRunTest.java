package dev.phistream.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** The device here holds so many items at once and no more, and some items are poison to it. */
class DeviceRunTest {
  private final List<Integer> sizes = new ArrayList<>();
  private final List<Integer> answered = new ArrayList<>();
  private Set<Integer> poison = Set.of();
  private int memory = Integer.MAX_VALUE;

  @Test
  void a_batch_that_does_not_fit_runs_in_halves_and_all_later_ones_are_smaller() {
    memory = 4;
    DeviceRun<Integer, Integer> device = device(8);

    List<CompletableFuture<Batched<Integer>>> outputs = run(device, 0, 8);

    assertThat(outputs).allSatisfy(output -> assertThat(output.join().batchSize()).isEqualTo(4));
    assertThat(device.limit(QueueKey.of("large"))).isEqualTo(4);
    assertThat(sizes).containsExactly(8, 4, 4);
  }

  @Test
  void the_limit_falls_below_what_did_not_fit() {
    memory = 2;
    DeviceRun<Integer, Integer> device = device(8);

    run(device, 0, 3);

    assertThat(device.limit(QueueKey.of("large"))).isEqualTo(2);
    assertThat(sizes).containsExactly(3, 1, 2);
  }

  @Test
  void memory_that_comes_back_does_not_raise_the_limit() {
    memory = 4;
    DeviceRun<Integer, Integer> device = device(8);
    run(device, 0, 8);
    memory = Integer.MAX_VALUE;
    sizes.clear();

    run(device, 8, 8);

    assertThat(device.limit(QueueKey.of("large"))).isEqualTo(4);
    assertThat(sizes).containsExactly(4, 4);
  }

  @Test
  void another_variant_keeps_its_limit() {
    memory = 4;
    DeviceRun<Integer, Integer> device = device(8);

    run(device, 0, 8);

    assertThat(device.limit(QueueKey.of("small"))).isEqualTo(8);
  }

  @Test
  void an_item_that_does_not_fit_alone_fails_and_says_what_to_do() {
    memory = 0;
    DeviceRun<Integer, Integer> device = device(4);

    CompletableFuture<Batched<Integer>> output = run(device, 0, 2).get(1);

    assertThat(device.limit(QueueKey.of("large"))).isEqualTo(1);
    assertThatThrownBy(output::join)
        .hasCauseInstanceOf(BatchTooLargeException.class)
        .hasMessageContaining(
            "gpu:0 cannot run even a single item of large (expected: memory enough for one; serve"
                + " fewer or smaller variants");
  }

  @Test
  void a_bad_item_leaves_the_limit_alone() {
    poison = Set.of(5);
    DeviceRun<Integer, Integer> device = device(8);

    List<CompletableFuture<Batched<Integer>>> outputs = run(device, 0, 8);

    assertThat(device.limit(QueueKey.of("large"))).isEqualTo(8);
    assertThat(outputs.get(5)).isCompletedExceptionally();
    assertThat(answered).containsExactly(0, 1, 2, 3, 4, 6, 7);
  }

  @Test
  void a_bad_item_is_found_in_halves_and_fails_alone() {
    poison = Set.of(5);
    DeviceRun<Integer, Integer> device = device(8);

    run(device, 0, 8);

    assertThat(sizes).containsExactly(8, 4, 4, 2, 1, 1, 2);
  }

  @Test
  void a_device_that_is_known_to_hold_less_starts_with_less() {
    BatchLimits limits = new BatchLimits(variant -> 8, variant -> 3);

    assertThat(limits.of(QueueKey.of("large"))).isEqualTo(3);
  }

  @Property
  void
      whatever_the_memory_each_item_is_answered_once_in_order_and_the_limit_is_the_largest_that_fits(
          @ForAll @IntRange(max = 70) int images,
          @ForAll @IntRange(min = 1, max = 64) int maxBatch,
          @ForAll @Size(max = 6) List<@IntRange(min = 1, max = 64) Integer> batches,
          @ForAll @Size(max = 4) List<@IntRange(max = 100) Integer> bad) {
    memory = images;
    poison = new HashSet<>(bad);
    sizes.clear();
    answered.clear();
    DeviceRun<Integer, Integer> device = device(maxBatch);

    // A full batch first: only what is tried is known not to fit.
    List<CompletableFuture<Batched<Integer>>> outputs = new ArrayList<>(run(device, 0, maxBatch));
    for (int batch : batches) {
      outputs.addAll(run(device, outputs.size(), Math.min(batch, maxBatch)));
    }

    int fitting = maxBatch;
    while (fitting > images && fitting > 1) {
      fitting /= 2;
    }
    assertThat(device.limit(QueueKey.of("large"))).isEqualTo(fitting);
    List<Integer> expected = new ArrayList<>();
    for (int item = 0; item < outputs.size(); item++) {
      assertThat(outputs.get(item)).isDone();
      if (images == 0 || poison.contains(item)) {
        assertThat(outputs.get(item)).isCompletedExceptionally();
      } else {
        assertThat(outputs.get(item).join().output()).isEqualTo(2 * item);
        expected.add(item);
      }
    }
    assertThat(answered).isEqualTo(expected);
  }

  private List<CompletableFuture<Batched<Integer>>> run(
      DeviceRun<Integer, Integer> device, int from, int count) {
    List<Pending<Integer, Integer>> batch = new ArrayList<>();
    for (int item = from; item < from + count; item++) {
      BatchScheduler.Ticket place =
          new BatchScheduler.Ticket(QueueKey.of("large"), new Urgency(0, 0), item);
      batch.add(new Pending<>(place, item, new CompletableFuture<>()));
    }
    try {
      device.run(QueueKey.of("large"), batch);
    } catch (DeviceLostException e) {
      throw new AssertionError(e);
    }
    return batch.stream().map(Pending::future).toList();
  }

  private DeviceRun<Integer, Integer> device(int maxBatch) {
    Device<Integer, Integer> device =
        new Device<>() {
          @Override
          public String name() {
            return "gpu:0";
          }

          @Override
          public BatchPredictor<Integer, Integer> predictor(QueueKey key) {
            return DeviceRunTest.this::predict;
          }
        };
    return new DeviceRun<>(
        device,
        new AdaptiveSizing(
            variant -> new BatchPolicy(maxBatch), device::maxBatch, device::measured),
        NanoClock.SYSTEM);
  }

  private List<Integer> predict(List<Integer> items) throws BatchTooLargeException {
    sizes.add(items.size());
    if (items.size() > memory) {
      throw new BatchTooLargeException("full", new Exception());
    }
    if (items.stream().anyMatch(poison::contains)) {
      throw new IllegalArgumentException("poison");
    }
    answered.addAll(items);
    return items.stream().map(item -> 2 * item).toList();
  }
}
