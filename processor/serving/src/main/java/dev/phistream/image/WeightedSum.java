package dev.phistream.image;

/**
 * Weighted sums of lines of samples in {@link FilterAxis}'s fixed point, element by element,
 * rounded and clipped to 8 bits. Each loop stands in a method of its own and has no calls and no
 * {@code Math.max}: that is the form that the JIT compiler of JDK 17 turns into vector
 * instructions.
 */
final class WeightedSum {
  private static final int HALF = 1 << (FilterAxis.PRECISION_BITS - 1);

  private WeightedSum() {}

  /**
   * Sums lines.
   *
   * @param sums overwritten with values from 0 to 255; its length counts
   * @param lines no shorter than {@code sums}
   * @param first index of the line that has the first weight
   * @param weights at least one
   */
  static void of(int[] sums, int[][] lines, int first, int[] weights) {
    int taps = weights.length;
    int i = taps & 3;
    switch (i) {
      case 1 -> one(sums, lines[first], weights[0]);
      case 2 -> two(sums, lines[first], lines[first + 1], weights[0], weights[1]);
      case 3 ->
          three(
              sums,
              lines[first],
              lines[first + 1],
              lines[first + 2],
              weights[0],
              weights[1],
              weights[2]);
      default -> {
        four(
            sums,
            lines[first],
            lines[first + 1],
            lines[first + 2],
            lines[first + 3],
            weights[0],
            weights[1],
            weights[2],
            weights[3]);
        i = 4;
      }
    }
    for (; i < taps; i += 4) {
      addFour(
          sums,
          lines[first + i],
          lines[first + i + 1],
          lines[first + i + 2],
          lines[first + i + 3],
          weights[i],
          weights[i + 1],
          weights[i + 2],
          weights[i + 3]);
    }
    clip(sums);
  }

  private static void one(int[] sums, int[] a, int weightA) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] = HALF + a[i] * weightA;
    }
  }

  private static void two(int[] sums, int[] a, int[] b, int weightA, int weightB) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] = HALF + a[i] * weightA + b[i] * weightB;
    }
  }

  private static void three(
      int[] sums, int[] a, int[] b, int[] c, int weightA, int weightB, int weightC) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] = HALF + a[i] * weightA + b[i] * weightB + c[i] * weightC;
    }
  }

  private static void four(
      int[] sums,
      int[] a,
      int[] b,
      int[] c,
      int[] d,
      int weightA,
      int weightB,
      int weightC,
      int weightD) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] = HALF + a[i] * weightA + b[i] * weightB + c[i] * weightC + d[i] * weightD;
    }
  }

  private static void addFour(
      int[] sums,
      int[] a,
      int[] b,
      int[] c,
      int[] d,
      int weightA,
      int weightB,
      int weightC,
      int weightD) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += a[i] * weightA + b[i] * weightB + c[i] * weightC + d[i] * weightD;
    }
  }

  /** Shifts and masks in place of comparisons: -512 to 511 become 0 to 255. */
  private static void clip(int[] sums) {
    for (int i = 0; i < sums.length; i++) {
      int value = sums[i] >> FilterAxis.PRECISION_BITS;
      sums[i] = (value | ((255 - value) >> 31)) & ~(value >> 31) & 255;
    }
  }
}
