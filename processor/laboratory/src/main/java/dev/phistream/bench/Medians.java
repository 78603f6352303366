package dev.phistream.bench;

import java.util.List;

/** Machines are noisy; medians say more than means. */
public final class Medians {
  private Medians() {}

  /** The median of at least one value. */
  public static double of(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
