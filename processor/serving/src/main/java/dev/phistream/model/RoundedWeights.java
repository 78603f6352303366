package dev.phistream.model;

/**
 * Finds the scale at which weights lose least when they are rounded to whole multiples of it, from
 * −127 to 127. Weights that were 8-bit integers before, as those of TensorFlow Lite, are multiples
 * of a scale already; most channels of them lose nothing.
 */
final class RoundedWeights {
  private static final int MOST = 127;
  private static final int FEWEST = 64;

  /** Values that are tried; of more, the errors of any two scales are alike. */
  private static final int TRIED = 64;

  private RoundedWeights() {}

  /** The scale of the values from {@code from} to before {@code to}; above 0. */
  static float scale(float[] values, int from, int to) {
    float most = Float.MIN_NORMAL * MOST;
    for (int i = from; i < to; i++) {
      most = Math.max(most, Math.abs(values[i]));
    }
    int step = Math.max(1, (to - from) / TRIED);
    float best = most / MOST;
    double least = Double.POSITIVE_INFINITY;
    for (int levels = MOST; levels >= FEWEST; levels--) {
      double error = 0;
      for (int i = from; i < to; i += step) {
        double exact = (double) values[i] * levels / most;
        double rounded = (exact - Math.rint(exact)) * most / levels;
        error += rounded * rounded;
      }
      if (error < least) {
        least = error;
        best = most / levels;
      }
    }
    return best;
  }
}
