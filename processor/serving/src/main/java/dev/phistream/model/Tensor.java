package dev.phistream.model;

import java.util.List;

/**
 * A tensor of float32 values in row-major order. The array is not copied; treat it as read-only.
 *
 * @param shape sizes of the dimensions, empty for a scalar
 * @param values as many as the shape says
 */
public record Tensor(List<Integer> shape, float[] values) {
  /** Checks that shape and values agree. */
  public Tensor {
    shape = List.copyOf(shape);
    if (elements(shape) != values.length) {
      throw new IllegalArgumentException(
          "shape: %s for %d values (expected: %d values)"
              .formatted(shape, values.length, elements(shape)));
    }
  }

  /** A tensor with one dimension. */
  public static Tensor vector(float... values) {
    return new Tensor(List.of(values.length), values);
  }

  /** How many values a shape holds. */
  public static long elements(List<Integer> shape) {
    return shape.stream().mapToLong(i -> i).reduce(1, Math::multiplyExact);
  }
}
