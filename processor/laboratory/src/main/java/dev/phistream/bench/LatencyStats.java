package dev.phistream.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/**
 * What batches took, in milliseconds. Percentiles are exact to three digits.
 *
 * @param batches how many
 * @param mean arithmetic mean
 * @param p50 half of the batches took no longer
 * @param p90 nine of ten took no longer
 * @param p99 99 of a hundred took no longer; with fewer batches the longest
 * @param max the longest
 */
public record LatencyStats(
    long batches, double mean, double p50, double p90, double p99, double max) {
  private static final double NANOS = 1e6;

  /** Of nanoseconds. */
  static LatencyStats of(Histogram nanos) {
    return new LatencyStats(
        nanos.getTotalCount(),
        nanos.getMean() / NANOS,
        nanos.getValueAtPercentile(50) / NANOS,
        nanos.getValueAtPercentile(90) / NANOS,
        nanos.getValueAtPercentile(99) / NANOS,
        nanos.getMaxValue() / NANOS);
  }

  /**
   * Of several rounds: the median over the rounds of mean and percentiles, so that one noisy round
   * tells little; but the longest of all, and all batches.
   */
  static LatencyStats over(List<LatencyStats> rounds) {
    return new LatencyStats(
        rounds.stream().mapToLong(LatencyStats::batches).sum(),
        median(rounds, LatencyStats::mean),
        median(rounds, LatencyStats::p50),
        median(rounds, LatencyStats::p90),
        median(rounds, LatencyStats::p99),
        rounds.stream().mapToDouble(LatencyStats::max).max().orElseThrow());
  }

  private static double median(List<LatencyStats> rounds, ToDoubleFunction<LatencyStats> figure) {
    return Medians.of(rounds.stream().map(figure::applyAsDouble).toList());
  }
}
