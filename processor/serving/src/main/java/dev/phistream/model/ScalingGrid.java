package dev.phistream.model;

import java.util.ArrayList;
import java.util.List;

/**
 * The grid in which the paper looks for α, β and γ (section 3.3): each from 1 on, with α·β²·γ² near
 * 2.
 *
 * @param step between neighbours
 * @param tolerance by how much α·β²·γ² may differ from 2
 */
public record ScalingGrid(double step, double tolerance) {
  private static final double GROWTH = 2;
  private static final double LEAST_STEP = 0.01;

  /** Takes sums such as 0.1 + 0.2 for what they are meant to be. */
  private static final double ROUNDING = 1e-9;

  /** Checks both. */
  public ScalingGrid {
    if (!(step >= LEAST_STEP && step <= 1)) {
      throw new IllegalArgumentException(
          "step: %s (expected: %s to 1)".formatted(step, LEAST_STEP));
    }
    if (!(tolerance >= 0 && tolerance < 1)) {
      throw new IllegalArgumentException(
          "tolerance: %s (expected: from 0 to below 1)".formatted(tolerance));
    }
  }

  /**
   * All points of the grid that keep the constraint, by α, then β, then γ.
   *
   * @param baseResolution side of the base network's input
   */
  public List<CompoundScaling> candidates(int baseResolution) {
    List<CompoundScaling> candidates = new ArrayList<>();
    double most = GROWTH + tolerance + ROUNDING;
    for (int a = 0; value(a) <= most; a++) {
      for (int b = 0; value(a) * square(b) <= most; b++) {
        for (int c = 0; value(a) * square(b) * square(c) <= most; c++) {
          CompoundScaling candidate =
              new CompoundScaling(value(a), value(b), value(c), baseResolution);
          if (candidate.growth() >= GROWTH - tolerance - ROUNDING) {
            candidates.add(candidate);
          }
        }
      }
    }
    return candidates;
  }

  private double value(int index) {
    return Math.round((1 + index * step) / ROUNDING) * ROUNDING;
  }

  private double square(int index) {
    return value(index) * value(index);
  }
}
