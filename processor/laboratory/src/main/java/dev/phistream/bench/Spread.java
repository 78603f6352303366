package dev.phistream.bench;

import java.util.List;

/**
 * A figure that was taken in several rounds.
 *
 * @param median over the rounds
 * @param min the lowest
 * @param max the highest
 */
public record Spread(double median, double min, double max) {
  /** Of at least one value. */
  static Spread of(List<Double> values) {
    return new Spread(
        Medians.of(values),
        values.stream().mapToDouble(x -> x).min().orElseThrow(),
        values.stream().mapToDouble(x -> x).max().orElseThrow());
  }
}
