package dev.phistream.bench;

import dev.phistream.planning.TierMix;
import java.util.List;
import java.util.Map;

/**
 * Which real runs plans are held to.
 *
 * @param mix of the tiers
 * @param loads parts of what the planned instance just carries
 * @param rounds each of which measures, plans and runs anew
 * @param seconds of each real run
 * @param warmUpSeconds before the first
 * @param images encoded images, or none for drawn ones
 * @param settings of the processor
 */
public record PlanOptions(
    TierMix mix,
    List<Double> loads,
    int rounds,
    double seconds,
    double warmUpSeconds,
    List<byte[]> images,
    Map<String, String> settings) {
  private static final int MOST_ROUNDS = 100;
  private static final double MOST_SECONDS = 600;
  private static final double MOST_LOAD = 2;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException naming the option, what it was and what was expected
   */
  public PlanOptions {
    loads = List.copyOf(loads);
    images = List.copyOf(images);
    settings = Map.copyOf(settings);
    if (loads.isEmpty()) {
      throw new IllegalArgumentException("loads: none (expected: at least one)");
    }
    loads.forEach(load -> between("loads", load, 0.01, MOST_LOAD));
    between("rounds", rounds, 1, MOST_ROUNDS);
    between("seconds", seconds, 1, MOST_SECONDS);
    between("warm-up", warmUpSeconds, 0, MOST_SECONDS);
  }

  private static void between(String option, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          "%s: %s (expected: %s to %s)".formatted(option, value, least, most));
    }
  }
}
