package dev.phistream.image;

/**
 * Which input samples make up each output sample along one axis, and with what weights: Pillow's
 * antialiased convolution in its 22-bit fixed point. Only a window of the output is kept.
 *
 * @param first per output sample, the first input sample that counts
 * @param weights per output sample, the weights of the input samples from {@code first} on
 * @param from first input sample that any output sample needs
 * @param to behind the last input sample that any output sample needs
 */
@SuppressWarnings("ArrayRecordComponent") // read in the innermost loops, never compared
record FilterAxis(int[] first, int[][] weights, int from, int to) {
  /** Bits behind the binary point; 8 for the sample and 2 for overshoot are left of 32. */
  static final int PRECISION_BITS = 32 - 8 - 2;

  /**
   * The table for an axis of {@code input} samples resized to {@code output}, of which {@code
   * count} from {@code start} on are wanted.
   */
  static FilterAxis of(Interpolation filter, int input, int output, int start, int count) {
    double scale = (double) input / output;
    double stretch = Math.max(scale, 1.0);
    double support = filter.support() * stretch;
    int[] first = new int[count];
    int[][] weights = new int[count][];
    int from = input;
    int to = 0;
    for (int i = 0; i < count; i++) {
      double center = (start + i + 0.5) * scale;
      int low = Math.max(0, (int) (center - support + 0.5));
      int high = Math.min(input, (int) (center + support + 0.5));
      first[i] = low;
      weights[i] = weights(filter, low, high - low, center, 1.0 / stretch);
      from = Math.min(from, low);
      to = Math.max(to, high);
    }
    return new FilterAxis(first, weights, from, to);
  }

  /** Returns the number of output samples. */
  int length() {
    return first.length;
  }

  /** Returns the index behind the last input sample of an output sample. */
  int end(int output) {
    return first[output] + weights[output].length;
  }

  /** Returns the most input samples that an output sample has. */
  int longest() {
    int most = 0;
    for (int[] window : weights) {
      most = Math.max(most, window.length);
    }
    return most;
  }

  private static int[] weights(
      Interpolation filter, int low, int count, double center, double inverseStretch) {
    double[] exact = new double[count];
    double sum = 0;
    for (int i = 0; i < count; i++) {
      exact[i] = filter.kernel((i + low - center + 0.5) * inverseStretch);
      sum += exact[i];
    }
    int[] fixed = new int[count];
    for (int i = 0; i < count; i++) {
      double weight = (sum == 0 ? exact[i] : exact[i] / sum) * (1 << PRECISION_BITS);
      fixed[i] = (int) (weight < 0 ? weight - 0.5 : weight + 0.5);
    }
    return fixed;
  }
}
