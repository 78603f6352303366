package dev.phistream.plot;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A named row of points.
 *
 * @param name for the legend
 * @param x as many as {@code y}, at least one
 * @param y values
 * @param errors half the height of each point's error bar, or null for none
 * @param style how the points are drawn
 */
public record Series(
    String name, List<Double> x, List<Double> y, @Nullable List<Double> errors, Style style) {
  /** How points are drawn. */
  public enum Style {
    /** Joined, in their order. */
    LINE,
    /** Each alone. */
    SCATTER
  }

  /** Checks that the lists have the same length. */
  public Series {
    x = List.copyOf(x);
    y = List.copyOf(y);
    errors = errors == null ? null : List.copyOf(errors);
    if (x.isEmpty() || x.size() != y.size() || (errors != null && errors.size() != x.size())) {
      throw new IllegalArgumentException(
          "series %s: %d x, %d y, %s error bars (expected: as many of each, at least one)"
              .formatted(name, x.size(), y.size(), errors == null ? "no" : errors.size()));
    }
  }

  /** Points that are joined. */
  public static Series line(String name, List<Double> x, List<Double> y) {
    return new Series(name, x, y, null, Style.LINE);
  }

  /** Points that stand alone. */
  public static Series scatter(String name, List<Double> x, List<Double> y) {
    return new Series(name, x, y, null, Style.SCATTER);
  }
}
