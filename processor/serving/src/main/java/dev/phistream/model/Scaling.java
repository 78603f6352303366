package dev.phistream.model;

/**
 * How a base network is scaled.
 *
 * @param width multiplies channels
 * @param depth multiplies the repeats of each stage
 * @param resolution side of the input, in pixels
 */
public record Scaling(double width, double depth, int resolution) {
  private static final int CHANNEL_MULTIPLE = 8;

  /** Checks that all are positive. */
  public Scaling {
    if (!(width > 0) || !(depth > 0) || resolution < 1) {
      throw new IllegalArgumentException(
          "width, depth, resolution: %s, %s, %d (expected: all > 0)"
              .formatted(width, depth, resolution));
    }
  }

  /** Scaled channels: the nearest multiple of 8, but never below 90 % of the exact number. */
  public int channels(int base) {
    return channels(base, 0.9);
  }

  /**
   * Scaled channels: the nearest multiple of 8.
   *
   * @param leastShare share of the exact number below which rounding goes up; 0 never does
   */
  int channels(int base, double leastShare) {
    double exact = base * width;
    int rounded =
        Math.max(
            CHANNEL_MULTIPLE,
            (int) (exact + CHANNEL_MULTIPLE / 2.0) / CHANNEL_MULTIPLE * CHANNEL_MULTIPLE);
    return rounded < leastShare * exact ? rounded + CHANNEL_MULTIPLE : rounded;
  }

  /** Scaled repeats, rounded up. */
  public int repeats(int base) {
    return (int) Math.ceil(base * depth);
  }
}
