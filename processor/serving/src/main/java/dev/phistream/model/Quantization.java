package dev.phistream.model;

import static java.util.Objects.requireNonNull;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How a network is computed with 8-bit integers: the range of each operation's values, found by
 * running images. Weights are rounded when the network is loaded; each output channel has its own
 * scale.
 *
 * @param precision {@value #INT8}
 * @param ranges by the name of the node in the graph of {@link InferenceGraph} for pixels
 */
public record Quantization(String precision, SortedMap<String, Range> ranges) {
  /** The only precision. */
  public static final String INT8 = "int8";

  private static final int LEVELS = 255;
  private static final float NARROWEST = 1e-32f;
  private static final float WIDEST = 1e30f;

  /** Checks both; a file may leave one out. */
  public Quantization {
    if (!INT8.equals(precision)) {
      throw new IllegalArgumentException("precision: %s (expected: %s)".formatted(precision, INT8));
    }
    ranges = new TreeMap<>(requireNonNull(ranges, "ranges is missing"));
  }

  /**
   * What values lie between. Others are cut off.
   *
   * @param least at most 0, for padding must be exact
   * @param most at least 0
   */
  public record Range(float least, float most) {
    /** Checks both. */
    public Range {
      if (!(least <= 0 && most >= 0 && most - least >= NARROWEST && most - least <= WIDEST)) {
        throw new IllegalArgumentException(
            "range: %s to %s (expected: 0 within it, %s to %s wide)"
                .formatted(least, most, NARROWEST, WIDEST));
      }
    }

    /** From one level of uint8 to the next. */
    float scale() {
      return (most - least) / LEVELS;
    }

    /** The level that is 0. */
    int zero() {
      return Math.round(-least / scale());
    }
  }

  /**
   * The range of a node.
   *
   * @throws ModelException if it has none
   */
  Range range(String node) throws ModelException {
    Range range = ranges.get(node);
    if (range == null) {
      throw new ModelException(
          "range of %s: missing (expected: one per operation; models quantize finds them)"
              .formatted(node));
    }
    return range;
  }
}
