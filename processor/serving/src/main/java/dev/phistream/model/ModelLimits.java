package dev.phistream.model;

import java.util.Locale;

/**
 * How large a model may be. Cards come from files: a number that is out of its range would crash a
 * native engine, or count for ever, before anything else noticed.
 */
public final class ModelLimits {
  /** Largest side of an input; EfficientNet-L2, the largest that is published, has 800. */
  public static final int MOST_PIXELS = 1024;

  /** Smallest side of an input. */
  public static final int FEWEST_PIXELS = 8;

  /** Most classes; ImageNet-21k has 21,841. */
  public static final int MOST_CLASSES = 100_000;

  private static final double LEAST_SCALING = 0.01;
  private static final double MOST_SCALING = 16;

  /** Values of the largest map of one image: half a gigabyte of floats. */
  private static final long MOST_VALUES = 1L << 27;

  /** Weights are read in one piece. */
  private static final long MOST_WEIGHTS = (Integer.MAX_VALUE - (1L << 24)) / Float.BYTES;

  private ModelLimits() {}

  /**
   * Checks a scaling; a network of it is built in milliseconds.
   *
   * @throws IllegalArgumentException naming the number and its range
   */
  public static Scaling check(Scaling scaling) {
    within("width", scaling.width(), LEAST_SCALING, MOST_SCALING);
    within("depth", scaling.depth(), LEAST_SCALING, MOST_SCALING);
    within("resolution", scaling.resolution(), FEWEST_PIXELS, MOST_PIXELS);
    return scaling;
  }

  /**
   * Checks a network's number of classes, its weights and its maps.
   *
   * @throws IllegalArgumentException naming the number and its range
   */
  public static void check(Architecture architecture, Scaling scaling, int classes) {
    within("classes", classes, 1, MOST_CLASSES);
    Network network = architecture.scaled(check(scaling), classes);
    within("parameters", (double) network.parameters(), 1, MOST_WEIGHTS);
    long largest =
        network.layers().stream()
            .mapToLong(
                layer -> (long) layer.out().channels() * layer.out().side() * layer.out().side())
            .max()
            .orElse(0);
    within("values of the largest map", (double) largest, 1, MOST_VALUES);
  }

  /** Checks that a number is finite and in its range. */
  public static void within(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          "%s: %s (expected: %s to %s)".formatted(name, text(value), text(least), text(most)));
    }
  }

  private static String text(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? String.format(Locale.ROOT, "%d", (long) value)
        : String.valueOf(value);
  }
}
