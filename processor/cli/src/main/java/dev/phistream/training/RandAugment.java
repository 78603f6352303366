package dev.phistream.training;

import java.util.Arrays;
import java.util.Random;

/**
 * Makes another view of an image by chance: a random part of it, perhaps mirrored, and operations
 * drawn from fourteen at one strength (RandAugment, Cubuk et al., arXiv 1909.13719). All that moves
 * pixels is done in one bilinear sampling; what is outside the image is grey.
 *
 * @param operations drawn for each view; 0 for none
 * @param magnitude their strength, 0 to 10
 * @param leastArea of the random part, of the whole
 * @param mirror whether half of the views are mirrored
 */
record RandAugment(int operations, double magnitude, double leastArea, boolean mirror) {
  private static final double FULL = 10;
  private static final double MOST_RATIO = 4.0 / 3;
  private static final double MOST_SHEAR = 0.3;
  private static final double MOST_SHIFT = 0.2;
  private static final double MOST_TURN = Math.toRadians(30);
  private static final double MOST_FACTOR = 0.9;
  private static final int POSTERIZE_BITS = 4;
  private static final int GREY = 128;

  private enum Operation {
    IDENTITY,
    ROTATE,
    SHEAR_X,
    SHEAR_Y,
    SHIFT_X,
    SHIFT_Y,
    BRIGHTNESS,
    CONTRAST,
    COLOUR,
    SHARPNESS,
    AUTO_CONTRAST,
    EQUALIZE,
    POSTERIZE,
    SOLARIZE
  }

  /**
   * Makes a view.
   *
   * @param image 3×side×side uint8, which stays as it is
   * @param size side of the view
   */
  byte[] apply(byte[] image, int size, Random random) {
    int side = Views.side(image);
    // Maps the view's coordinates, -1 to 1, to the image's: [a b c; d e f].
    double[] map = part(random);
    if (mirror && random.nextBoolean()) {
      map[0] = -map[0];
      map[3] = -map[3];
    }
    Operation[] drawn = new Operation[operations];
    double[] strengths = new double[operations];
    for (int i = 0; i < operations; i++) {
      drawn[i] = Operation.values()[random.nextInt(Operation.values().length)];
      strengths[i] = magnitude / FULL * (random.nextBoolean() ? 1 : -1);
      map = moved(map, drawn[i], strengths[i]);
    }
    byte[] view = sample(image, side, size, map);
    for (int i = 0; i < operations; i++) {
      view = coloured(view, size, drawn[i], strengths[i]);
    }
    return view;
  }

  private double[] part(Random random) {
    double area = leastArea + (1 - leastArea) * random.nextDouble();
    // No side may be longer than the image's.
    double most = Math.min(Math.log(MOST_RATIO), -Math.log(area));
    double ratio = Math.exp((2 * random.nextDouble() - 1) * most);
    double width = Math.min(1, Math.sqrt(area * ratio));
    double height = Math.min(1, Math.sqrt(area / ratio));
    double x = (1 - width) * (2 * random.nextDouble() - 1);
    double y = (1 - height) * (2 * random.nextDouble() - 1);
    return new double[] {width, 0, x, 0, height, y};
  }

  private static double[] moved(double[] map, Operation operation, double strength) {
    double[] by =
        switch (operation) {
          case ROTATE -> {
            double cos = Math.cos(strength * MOST_TURN);
            double sin = Math.sin(strength * MOST_TURN);
            yield new double[] {cos, -sin, 0, sin, cos, 0};
          }
          case SHEAR_X -> new double[] {1, strength * MOST_SHEAR, 0, 0, 1, 0};
          case SHEAR_Y -> new double[] {1, 0, 0, strength * MOST_SHEAR, 1, 0};
          case SHIFT_X -> new double[] {1, 0, 2 * strength * MOST_SHIFT, 0, 1, 0};
          case SHIFT_Y -> new double[] {1, 0, 0, 0, 1, 2 * strength * MOST_SHIFT};
          default -> new double[] {1, 0, 0, 0, 1, 0};
        };
    return new double[] {
      map[0] * by[0] + map[1] * by[3],
      map[0] * by[1] + map[1] * by[4],
      map[0] * by[2] + map[1] * by[5] + map[2],
      map[3] * by[0] + map[4] * by[3],
      map[3] * by[1] + map[4] * by[4],
      map[3] * by[2] + map[4] * by[5] + map[5]
    };
  }

  private static byte[] sample(byte[] image, int side, int size, double[] map) {
    byte[] view = new byte[3 * size * size];
    int plane = side * side;
    for (int row = 0; row < size; row++) {
      double v = (2 * row + 1.0) / size - 1;
      for (int column = 0; column < size; column++) {
        double u = (2 * column + 1.0) / size - 1;
        double x = ((map[0] * u + map[1] * v + map[2] + 1) * side - 1) / 2;
        double y = ((map[3] * u + map[4] * v + map[5] + 1) * side - 1) / 2;
        int at = row * size + column;
        if (x < -1 || y < -1 || x > side || y > side) {
          for (int channel = 0; channel < 3; channel++) {
            view[channel * size * size + at] = (byte) GREY;
          }
          continue;
        }
        int left = clamp((int) Math.floor(x), side);
        int right = clamp((int) Math.floor(x) + 1, side);
        int top = clamp((int) Math.floor(y), side);
        int bottom = clamp((int) Math.floor(y) + 1, side);
        float across = (float) (x - Math.floor(x));
        float down = (float) (y - Math.floor(y));
        for (int channel = 0; channel < 3; channel++) {
          int from = channel * plane;
          float above =
              mix(image[from + top * side + left], image[from + top * side + right], across);
          float below =
              mix(image[from + bottom * side + left], image[from + bottom * side + right], across);
          view[channel * size * size + at] = (byte) (above + down * (below - above) + 0.5f);
        }
      }
    }
    return view;
  }

  private static int clamp(int at, int side) {
    return Math.max(0, Math.min(side - 1, at));
  }

  private static float mix(byte a, byte b, float share) {
    float first = a & 0xff;
    return first + share * ((b & 0xff) - first);
  }

  private static byte[] coloured(byte[] view, int size, Operation operation, double strength) {
    double factor = 1 + strength * MOST_FACTOR;
    return switch (operation) {
      case BRIGHTNESS -> blended(view, new byte[view.length], factor);
      case CONTRAST -> blended(view, filled(view.length, mean(view, size)), factor);
      case COLOUR -> blended(view, grey(view, size), factor);
      case SHARPNESS -> blended(view, smooth(view, size), factor);
      case AUTO_CONTRAST -> byChannel(view, size, RandAugment::stretched);
      case EQUALIZE -> byChannel(view, size, RandAugment::equalized);
      case POSTERIZE -> {
        int bits = 8 - (int) Math.round(Math.abs(strength) * POSTERIZE_BITS);
        yield byValue(view, value -> value & -1 << (8 - bits));
      }
      case SOLARIZE -> {
        int from = (int) Math.round(256 * (1 - Math.abs(strength)));
        yield byValue(view, value -> value >= from ? 255 - value : value);
      }
      default -> view;
    };
  }

  /** Between a view (1) and its opposite (0), or beyond. */
  private static byte[] blended(byte[] view, byte[] opposite, double factor) {
    byte[] blended = new byte[view.length];
    for (int i = 0; i < view.length; i++) {
      double other = opposite[i] & 0xff;
      blended[i] = (byte) limited(other + factor * ((view[i] & 0xff) - other));
    }
    return blended;
  }

  private static int limited(double value) {
    return (int) Math.max(0, Math.min(255, Math.round(value)));
  }

  private static byte[] filled(int length, int value) {
    byte[] filled = new byte[length];
    Arrays.fill(filled, (byte) value);
    return filled;
  }

  private static int brightness(byte[] view, int plane, int at) {
    return (299 * (view[at] & 0xff)
            + 587 * (view[plane + at] & 0xff)
            + 114 * (view[2 * plane + at] & 0xff))
        / 1000;
  }

  private static int mean(byte[] view, int size) {
    int plane = size * size;
    long sum = 0;
    for (int i = 0; i < plane; i++) {
      sum += brightness(view, plane, i);
    }
    return (int) (sum / plane);
  }

  private static byte[] grey(byte[] view, int size) {
    int plane = size * size;
    byte[] grey = new byte[view.length];
    for (int i = 0; i < plane; i++) {
      byte value = (byte) brightness(view, plane, i);
      grey[i] = value;
      grey[plane + i] = value;
      grey[2 * plane + i] = value;
    }
    return grey;
  }

  /** A weighted mean of 3×3 pixels, as Pillow's filter has it; the border stays. */
  private static byte[] smooth(byte[] view, int size) {
    byte[] smooth = view.clone();
    for (int channel = 0; channel < 3; channel++) {
      int from = channel * size * size;
      for (int y = 1; y < size - 1; y++) {
        for (int x = 1; x < size - 1; x++) {
          int at = from + y * size + x;
          int sum = 4 * (view[at] & 0xff);
          for (int dy = -1; dy <= 1; dy++) {
            for (int dx = -1; dx <= 1; dx++) {
              sum += view[at + dy * size + dx] & 0xff;
            }
          }
          smooth[at] = (byte) ((sum + 6) / 13);
        }
      }
    }
    return smooth;
  }

  /** What becomes of each value of a channel, from how often it occurs. */
  private interface Curve {
    int[] of(int[] histogram, int count);
  }

  private static byte[] byChannel(byte[] view, int size, Curve curve) {
    byte[] changed = new byte[view.length];
    int plane = size * size;
    for (int channel = 0; channel < 3; channel++) {
      int[] histogram = new int[256];
      for (int i = channel * plane; i < (channel + 1) * plane; i++) {
        histogram[view[i] & 0xff]++;
      }
      int[] values = curve.of(histogram, plane);
      for (int i = channel * plane; i < (channel + 1) * plane; i++) {
        changed[i] = (byte) values[view[i] & 0xff];
      }
    }
    return changed;
  }

  private static int[] stretched(int[] histogram, int count) {
    int low = 0;
    while (low < 255 && histogram[low] == 0) {
      low++;
    }
    int high = 255;
    while (high > 0 && histogram[high] == 0) {
      high--;
    }
    int[] values = new int[256];
    for (int i = 0; i < 256; i++) {
      values[i] = high <= low ? i : limited(255.0 * (i - low) / (high - low));
    }
    return values;
  }

  private static int[] equalized(int[] histogram, int count) {
    int last = 255;
    while (last > 0 && histogram[last] == 0) {
      last--;
    }
    int step = (count - histogram[last]) / 255;
    int[] values = new int[256];
    int sum = step / 2;
    for (int i = 0; i < 256; i++) {
      values[i] = step == 0 ? i : Math.min(255, sum / step);
      sum += histogram[i];
    }
    return values;
  }

  private interface Value {
    int of(int value);
  }

  private static byte[] byValue(byte[] view, Value change) {
    byte[] changed = new byte[view.length];
    for (int i = 0; i < view.length; i++) {
      changed[i] = (byte) change.of(view[i] & 0xff);
    }
    return changed;
  }
}
