package dev.phistream.image;

/**
 * How an image is resized: which filter weighs the input samples around an output sample. Both are
 * Pillow's, stretched by the scale on reduction, so that nothing is skipped.
 */
public enum Interpolation {
  /** Keys' cubic with a = -0.5. */
  BICUBIC(2) {
    @Override
    double kernel(double distance) {
      double x = Math.abs(distance);
      if (x < 1) {
        return ((A + 2) * x - (A + 3)) * x * x + 1;
      }
      return x < 2 ? (((x - 5) * x + 8) * x - 4) * A : 0;
    }
  },
  /** The triangle. */
  BILINEAR(1) {
    @Override
    double kernel(double distance) {
      return Math.max(0, 1 - Math.abs(distance));
    }
  };

  private static final double A = -0.5;

  private final double support;

  Interpolation(double support) {
    this.support = support;
  }

  /** Distance from which on samples have no weight, in output samples. */
  double support() {
    return support;
  }

  /** Weight of a sample, not normalised. */
  abstract double kernel(double distance);
}
