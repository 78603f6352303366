package dev.phistream.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class LatencyStatsTest {
  private static final double THREE_DIGITS = 0.001;

  @Test
  void percentiles_of_one_to_a_hundred_milliseconds_are_what_they_should_be() {
    Histogram nanos = new Histogram(3);
    for (int millis = 100; millis >= 1; millis--) {
      nanos.recordValue(millis * 1_000_000L);
    }

    LatencyStats latency = LatencyStats.of(nanos);

    assertThat(latency.batches()).isEqualTo(100);
    assertThat(latency.mean()).isCloseTo(50.5, within(50.5 * THREE_DIGITS));
    assertThat(latency.p50()).isCloseTo(50, within(50 * THREE_DIGITS));
    assertThat(latency.p90()).isCloseTo(90, within(90 * THREE_DIGITS));
    assertThat(latency.p99()).isCloseTo(99, within(99 * THREE_DIGITS));
    assertThat(latency.max()).isCloseTo(100, within(100 * THREE_DIGITS));
  }

  @Test
  void rounds_count_by_their_medians_but_the_longest_batch_is_the_longest_of_all() {
    LatencyStats quiet = new LatencyStats(10, 5, 5, 6, 7, 8);
    LatencyStats usual = new LatencyStats(9, 6, 6, 7, 8, 9);
    LatencyStats noisy = new LatencyStats(2, 50, 40, 60, 70, 80);

    LatencyStats all = LatencyStats.over(List.of(noisy, quiet, usual));

    assertThat(all).isEqualTo(new LatencyStats(21, 6, 6, 7, 8, 80));
  }

  @Test
  void the_median_of_an_even_number_lies_in_the_middle_and_the_spread_is_that_of_all() {
    assertThat(Spread.of(List.of(4.0, 1.0, 100.0, 2.0))).isEqualTo(new Spread(3, 1, 100));
    assertThat(Spread.of(List.of(4.0))).isEqualTo(new Spread(4, 4, 4));
  }
}
