package dev.phistream.planning;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Times that were measured, from which others are drawn.
 *
 * @param millis the times, in ascending order; at least one
 */
public record TimeSample(List<Double> millis) {
  /** No time at all. */
  public static final TimeSample NONE = exactly(0);

  private static final double NANOS = 1e6;

  /** Checks and sorts the sample. */
  public TimeSample {
    millis = millis.stream().sorted().toList();
    if (millis.isEmpty()
        || millis.stream().anyMatch(time -> !(time >= 0 && time < Double.POSITIVE_INFINITY))) {
      throw new IllegalArgumentException(
          "times: %s ms (expected: at least one, none negative)".formatted(millis));
    }
  }

  /** Always the same. */
  public static TimeSample exactly(double millis) {
    return new TimeSample(List.of(millis));
  }

  /** Arithmetic mean, in milliseconds. */
  public double mean() {
    return millis.stream().mapToDouble(time -> time).average().orElseThrow();
  }

  /** The same where all take so many times as long. */
  public TimeSample times(double factor) {
    return new TimeSample(millis.stream().map(time -> factor * time).toList());
  }

  /** The times of several samples. */
  public static TimeSample of(List<TimeSample> parts) {
    return new TimeSample(parts.stream().flatMap(part -> part.millis.stream()).toList());
  }

  /** At most so many of the times, evenly from the shortest to the longest. */
  public TimeSample thinned(int most) {
    if (millis.size() <= most) {
      return this;
    }
    return new TimeSample(
        IntStream.range(0, most)
            .mapToObj(i -> millis.get((int) ((i + 0.5) / most * millis.size())))
            .toList());
  }

  /** The time that a share of them, 0 to 1, does not exceed. */
  long nanosAt(double share) {
    return Math.round(NANOS * millis.get((int) Math.min(millis.size() - 1, share * millis.size())));
  }
}
