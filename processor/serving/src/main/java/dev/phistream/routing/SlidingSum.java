package dev.phistream.routing;

import java.util.Arrays;

/**
 * The sum of what was added within the last window of time, to a tenth of the window. Times never
 * go back. Thread-safe.
 */
final class SlidingSum {
  private static final int PARTS = 10;

  private final long partNanos;
  private final long[] sums = new long[PARTS];
  private long newestPart = Long.MIN_VALUE;

  /**
   * Creates an empty sum.
   *
   * @param windowNanos at least 1
   */
  SlidingSum(long windowNanos) {
    this.partNanos = Math.max(1, windowNanos / PARTS);
  }

  synchronized void add(long nowNanos, long value) {
    int place = turnTo(nowNanos);
    sums[place] += value;
  }

  synchronized long sum(long nowNanos) {
    int unused = turnTo(nowNanos);
    long sum = 0;
    for (long part : sums) {
      sum += part;
    }
    return sum;
  }

  synchronized void clear() {
    Arrays.fill(sums, 0);
  }

  /** Forgets what is too old, and says where the present stands. */
  private int turnTo(long nowNanos) {
    long part = Math.floorDiv(nowNanos, partNanos);
    if (newestPart == Long.MIN_VALUE || part - newestPart >= PARTS) {
      Arrays.fill(sums, 0);
      newestPart = part;
    }
    while (newestPart < part) {
      newestPart++;
      sums[Math.floorMod(newestPart, PARTS)] = 0;
    }
    return Math.floorMod(newestPart, PARTS);
  }
}
