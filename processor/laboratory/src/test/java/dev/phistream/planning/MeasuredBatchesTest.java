package dev.phistream.planning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Batch times between and beyond what was measured. */
class MeasuredBatchesTest {
  private final MeasuredBatches batches =
      new MeasuredBatches(
          Map.of(
              "small", Map.of(2, BatchTime.exactly(6), 8, BatchTime.exactly(18)),
              "large", Map.of(4, BatchTime.exactly(40))));

  @Test
  void a_measured_size_takes_what_it_took() {
    assertThat(batches.at("small", 8)).isEqualTo(BatchTime.exactly(18));
  }

  @Test
  void sizes_between_two_measured_ones_lie_on_the_line() {
    assertThat(batches.at("small", 5).mean()).isEqualTo(12);
  }

  @Test
  void a_smaller_size_than_any_takes_as_long_as_the_smallest() {
    assertThat(batches.at("small", 1).mean()).isEqualTo(6);
  }

  @Test
  void a_larger_size_than_any_goes_on_along_the_line() {
    assertThat(batches.at("small", 16).mean()).isEqualTo(34);
  }

  @Test
  void with_one_size_a_larger_one_takes_its_share() {
    assertThat(batches.at("large", 8).mean()).isEqualTo(80);
  }

  @Test
  void a_variant_that_was_not_measured_has_no_times() {
    assertThat(batches.has("b7")).isFalse();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> batches.at("b7", 1))
        .withMessage("variant b7: was not measured");
  }

  @Test
  void more_work_lengthens_only_the_time_on_a_core() {
    MeasuredBatches half =
        new MeasuredBatches(Map.of("b0", Map.of(1, new BatchTime(10, 10, 12, 20, 0.5))));

    BatchTime longer = half.withWork(1.4).at("b0", 1);

    assertThat(longer.mean()).isCloseTo(12, within(1e-9));
    assertThat(longer.p99()).isCloseTo(24, within(1e-9));
    assertThat(longer.mean() * longer.onCore()).isCloseTo(7, within(1e-9));
  }

  @Test
  void drawn_times_have_the_measured_percentiles_and_mean() {
    BatchTime time = new BatchTime(10.5, 10, 13, 16);

    assertThat(time.nanosAt(0.5)).isEqualTo(10e6);
    assertThat(time.nanosAt(0.9)).isCloseTo(13e6, within(1.0));
    assertThat(time.nanosAt(0.99)).isCloseTo(16e6, within(1.0));
    double mean =
        IntStream.range(0, 10_000)
            .mapToDouble(i -> time.nanosAt((i + 0.5) / 10_000))
            .average()
            .orElseThrow();
    assertThat(mean).isCloseTo(10.5e6, within(0.02e6));
  }
}
