package dev.phistream.batching;

import java.time.Duration;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * What micro-batches of one variant take on one device, by size: an exponentially weighted mean per
 * size, of which each new measurement makes up a fifth and counts as at most twice the mean, so
 * that one pause does not shrink batches. Sizes that were never measured lie on the line between
 * their neighbours. Sizes that were not measured lately are held to what newer measurements of
 * others allow: a smaller batch takes no longer than a larger one, and n times the items take at
 * most n times as long. So warm-up's slow first runs, and times when the machine was busy, are not
 * believed for ever. Sizes that are padded to the same are one. Thread-safe; predictions take no
 * lock.
 */
final class BatchTimes {
  private static final double WEIGHT_OF_NEWEST = 0.2;
  private static final double MOST_TIMES_MEAN = 2;
  private static final long NEVER = -1;

  private final int[] padded;
  private final double[] means;
  private final long[] measuredAt;
  private long measurements;
  private volatile long[] predicted;

  /**
   * Starts from earlier measurements; each gives way to the first of {@link #observe} at its size.
   *
   * @param maxBatch largest size
   * @param measured by size; others than 1 to {@code maxBatch} are ignored, as are those that are
   *     padded
   * @param padding how many items are computed for so many, at least these
   */
  BatchTimes(int maxBatch, Map<Integer, Duration> measured, IntUnaryOperator padding) {
    padded =
        IntStream.rangeClosed(0, maxBatch)
            .map(size -> Math.min(maxBatch, padding.applyAsInt(size)))
            .toArray();
    means = new double[maxBatch + 1];
    measuredAt = new long[maxBatch + 1];
    for (int size = 0; size <= maxBatch; size++) {
      Duration time = padded[size] == size ? measured.get(size) : null;
      means[size] = time == null ? 0 : (double) time.toNanos();
      measuredAt[size] = time == null || size == 0 ? NEVER : 0;
    }
    predicted = predictAll();
  }

  /** The same of a device that pads nothing. */
  BatchTimes(int maxBatch, Map<Integer, Duration> measured) {
    this(maxBatch, measured, IntUnaryOperator.identity());
  }

  /** Takes a measurement into account. */
  synchronized void observe(int items, long nanos) {
    if (items < 1 || items >= means.length) {
      return;
    }
    int size = padded[items];
    if (measuredAt[size] <= 0) {
      if (measuredAt[size] == 0 && nanos < means[size]) {
        scaleUnconfirmed(nanos / means[size]);
      }
      means[size] = (double) nanos;
    } else {
      // From what was predicted, not from an old mean that is no longer believed.
      double mean = predicted[size];
      means[size] =
          mean + WEIGHT_OF_NEWEST * (Math.min((double) nanos, MOST_TIMES_MEAN * mean) - mean);
    }
    measuredAt[size] = ++measurements;
    predicted = predictAll();
  }

  /** Expected time; 0 while nothing was measured. */
  long predictNanos(int size) {
    long[] all = predicted;
    return all[Math.max(1, Math.min(size, all.length - 1))];
  }

  /** The largest size that is expected to take no longer, at least 1. */
  int largestWithin(long nanos) {
    long[] all = predicted;
    for (int size = all.length - 1; size > 1; size--) {
      if (all[size] <= nanos) {
        return size;
      }
    }
    return 1;
  }

  /**
   * What was measured before is believed in proportion only: engines plan in a size's first run.
   */
  private void scaleUnconfirmed(double factor) {
    for (int size = 1; size < means.length; size++) {
      if (measuredAt[size] == 0) {
        means[size] *= factor;
      }
    }
  }

  private long[] predictAll() {
    long[] all = new long[means.length];
    for (int size = 1; size < all.length; size++) {
      int computed = padded[size];
      all[size] = Math.round(bounded(computed, unbounded(computed)));
    }
    return all;
  }

  private double unbounded(int size) {
    int below = size;
    while (below > 0 && measuredAt[below] == NEVER) {
      below--;
    }
    int above = size;
    while (above < means.length && measuredAt[above] == NEVER) {
      above++;
    }
    if (above == size || below == size) {
      return means[size];
    }
    if (below == 0) {
      return above == means.length ? 0 : means[above];
    }
    if (above == means.length) {
      return means[below] * size / below;
    }
    return means[below] + (means[above] - means[below]) * (size - below) / (above - below);
  }

  private double bounded(int size, double estimate) {
    double least = 0;
    double most = Double.MAX_VALUE;
    for (int other = 1; other < means.length; other++) {
      if (measuredAt[other] <= Math.max(measuredAt[size], 0)) {
        continue;
      }
      if (other < size) {
        least = Math.max(least, means[other]);
        most = Math.min(most, means[other] * size / other);
      } else {
        least = Math.max(least, means[other] * size / other);
        most = Math.min(most, means[other]);
      }
    }
    return Math.max(least, Math.min(most, estimate));
  }
}
