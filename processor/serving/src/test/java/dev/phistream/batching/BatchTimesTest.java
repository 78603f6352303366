package dev.phistream.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BatchTimesTest {
  @Test
  void nothing_measured_means_nothing_predicted_and_the_largest_batch() {
    BatchTimes times = new BatchTimes(8, Map.of());

    assertThat(times.predictNanos(8)).isZero();
    assertThat(times.largestWithin(1)).isEqualTo(8);
  }

  @Test
  void sizes_between_two_measured_ones_lie_on_the_line() {
    BatchTimes times =
        new BatchTimes(8, Map.of(2, Duration.ofNanos(200), 6, Duration.ofNanos(400)));

    assertThat(times.predictNanos(4)).isEqualTo(300);
    assertThat(times.predictNanos(1)).isEqualTo(200);
    assertThat(times.predictNanos(8)).isEqualTo(533);
  }

  @Test
  void sizes_that_are_padded_to_the_same_take_the_same() {
    // given
    BatchTimes times =
        new BatchTimes(
            8,
            Map.of(4, Duration.ofNanos(400), 5, Duration.ofNanos(1), 8, Duration.ofNanos(800)),
            items -> items <= 4 ? 4 : 8);

    // when
    times.observe(5, 700);
    times.observe(3, 300);

    // then
    assertThat(times.predictNanos(1)).isEqualTo(300);
    assertThat(times.predictNanos(4)).isEqualTo(300);
    assertThat(times.predictNanos(6)).isEqualTo(600);
    assertThat(times.largestWithin(599)).isEqualTo(4);
    assertThat(times.largestWithin(600)).isEqualTo(8);
  }

  @Test
  void one_pause_does_not_shrink_batches() {
    BatchTimes times = new BatchTimes(8, Map.of());
    for (int i = 0; i < 10; i++) {
      times.observe(8, 100);
    }

    times.observe(8, 1_000_000);

    assertThat(times.predictNanos(8)).isEqualTo(120);
  }

  @Test
  void a_lasting_change_is_learned() {
    BatchTimes times = new BatchTimes(8, Map.of());
    times.observe(8, 100);

    for (int i = 0; i < 40; i++) {
      times.observe(8, 1000);
    }

    assertThat(times.predictNanos(8)).isCloseTo(1000, within(20L));
  }

  @Test
  void a_slow_first_run_at_warm_up_does_not_keep_batches_small() {
    BatchTimes times =
        new BatchTimes(4, Map.of(1, Duration.ofNanos(900), 4, Duration.ofNanos(9000)));
    assertThat(times.largestWithin(500)).isEqualTo(1);

    times.observe(1, 100);
    for (int i = 0; i < 20; i++) {
      times.observe(times.largestWithin(500), 100L * times.largestWithin(500));
    }

    assertThat(times.largestWithin(500)).isEqualTo(4);
  }

  @Property
  void the_target_becomes_the_largest_batch_that_fits(
      @ForAll @IntRange(max = 40) int fixed,
      @ForAll @IntRange(min = 1, max = 40) int each,
      @ForAll @IntRange(min = 1, max = 2000) int share,
      @ForAll @IntRange(min = 1, max = 4) int slowerAtWarmUp,
      @ForAll long seed) {
    int maxBatch = 32;
    Map<Integer, Duration> warmUp = new HashMap<>();
    for (int n = 1; n <= maxBatch; n++) {
      warmUp.put(n, Duration.ofNanos(slowerAtWarmUp * (fixed + (long) each * n)));
    }
    BatchTimes times = new BatchTimes(maxBatch, warmUp);
    Random noise = new Random(seed);
    int size = maxBatch;
    for (int batch = 0; batch < 300; batch++) {
      size = times.largestWithin(share);
      // Now and then a batch is smaller than the target, as when little comes in.
      int ran = batch % 5 == 0 ? 1 + noise.nextInt(size) : size;
      times.observe(ran, fixed + (long) each * ran);
    }

    int fitting = Math.max(1, Math.min(maxBatch, (share - fixed) / each));
    assertThat(size).isEqualTo(fitting);
  }

  @Property
  void predictions_are_never_below_zero_whatever_was_measured(
      @ForAll @Size(max = 50) List<@IntRange(max = 100_000) Integer> measured) {
    BatchTimes times = new BatchTimes(8, Map.of());
    for (int i = 0; i < measured.size(); i++) {
      times.observe(1 + i % 8, measured.get(i));
    }

    for (int size = 1; size <= 8; size++) {
      assertThat(times.predictNanos(size)).isNotNegative();
    }
    assertThat(times.largestWithin(0)).isBetween(1, 8);
  }
}
