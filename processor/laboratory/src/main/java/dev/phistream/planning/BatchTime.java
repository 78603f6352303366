package dev.phistream.planning;

/**
 * What micro-batches of one size took, in milliseconds, each on a core of its own.
 *
 * @param mean arithmetic mean
 * @param p50 half of them took no longer
 * @param p90 nine of ten took no longer
 * @param p99 99 of a hundred took no longer
 * @param onCore part of the time in which a core worked for it, above 0 to 1; in the rest a thread
 *     waited to be woken, or the machine did something else
 */
public record BatchTime(double mean, double p50, double p90, double p99, double onCore) {
  private static final double NANOS = 1e6;
  private static final double LEAST_OF_P50 = 0.5;

  /** Checks the values. */
  public BatchTime {
    if (!(mean > 0 && p50 > 0 && p90 >= p50 && p99 >= p90)) {
      throw new IllegalArgumentException(
          "batch time: mean %s, p50 %s, p90 %s, p99 %s ms (expected: positive, p50 <= p90 <= p99)"
              .formatted(mean, p50, p90, p99));
    }
    if (!(onCore > 0 && onCore <= 1)) {
      throw new IllegalArgumentException(
          "batch time: %s of it on a core (expected: above 0 to 1)".formatted(onCore));
    }
  }

  /** All of it on a core. */
  public BatchTime(double mean, double p50, double p90, double p99) {
    this(mean, p50, p90, p99, 1);
  }

  /** One that always takes the same. */
  public static BatchTime exactly(double millis) {
    return new BatchTime(millis, millis, millis, millis);
  }

  /**
   * The time that a share of the micro-batches does not exceed. Between the percentiles it is a
   * straight line; the shortest is what makes the mean right.
   *
   * @param share 0 to 1
   */
  double nanosAt(double share) {
    double millis;
    if (share < 0.5) {
      double shortest = shortest();
      millis = shortest + (p50 - shortest) * share / 0.5;
    } else if (share < 0.9) {
      millis = p50 + (p90 - p50) * (share - 0.5) / 0.4;
    } else if (share < 0.99) {
      millis = p90 + (p99 - p90) * (share - 0.9) / 0.09;
    } else {
      millis = p99;
    }
    return millis * NANOS;
  }

  private double shortest() {
    double rest = 0.4 * (p50 + p90) / 2 + 0.09 * (p90 + p99) / 2 + 0.01 * p99;
    double fits = 4 * (mean - rest) - p50;
    return Math.max(LEAST_OF_P50 * p50, Math.min(p50, fits));
  }

  /** On the line from this to another, or beyond it. */
  BatchTime towards(BatchTime other, double part) {
    double to50 = between(p50, other.p50, part);
    double to90 = Math.max(to50, between(p90, other.p90, part));
    return new BatchTime(
        between(mean, other.mean, part),
        to50,
        to90,
        Math.max(to90, between(p99, other.p99, part)),
        Math.max(Math.min(onCore, other.onCore), Math.min(1, between(onCore, other.onCore, part))));
  }

  /** The same for a part of the images, or a multiple. */
  public BatchTime times(double factor) {
    return new BatchTime(factor * mean, factor * p50, factor * p90, factor * p99, onCore);
  }

  /** The same with more processor time, or less; the rest of the time stays. */
  public BatchTime withWork(double factor) {
    double longer = 1 - onCore + onCore * factor;
    return new BatchTime(
        longer * mean, longer * p50, longer * p90, longer * p99, onCore * factor / longer);
  }

  private static double between(double from, double to, double part) {
    return from + (to - from) * part;
  }
}
