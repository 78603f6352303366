package dev.phistream.model;

import java.util.List;

/**
 * Lopsided padding for engines that pad both sides alike: one zero less on the left and the top is
 * the same as one more row and column of kernel there that are zero.
 */
final class LeadingZeros {
  private LeadingZeros() {}

  /** A kernel, O×I×K×K, with one more row at the top and column on the left, of zeros. */
  static Tensor add(Tensor kernel) {
    int size = kernel.shape().get(2);
    return copy(kernel, size, 0, size + 1, 1);
  }

  /** Whether each plane of a kernel has a row at the top and a column on the left of zeros. */
  static boolean in(Tensor kernel) {
    int size = kernel.shape().get(2);
    float[] values = kernel.values();
    for (int i = 0; i < values.length; i++) {
      boolean first = i % size == 0 || i / size % size == 0;
      if (first && values[i] != 0) {
        return false;
      }
    }
    return size > 1;
  }

  /** A kernel without the row at the top and the column on the left. */
  static Tensor cut(Tensor kernel) {
    int size = kernel.shape().get(2);
    return copy(kernel, size - 1, 1, size - 1, 0);
  }

  /** Copies the part of {@code side} that begins at {@code from} to {@code to}. */
  private static Tensor copy(Tensor kernel, int side, int from, int size, int to) {
    int old = kernel.shape().get(2);
    int planes = kernel.shape().get(0) * kernel.shape().get(1);
    float[] values = new float[planes * size * size];
    for (int plane = 0; plane < planes; plane++) {
      for (int row = 0; row < side; row++) {
        System.arraycopy(
            kernel.values(),
            (plane * old + row + from) * old + from,
            values,
            (plane * size + row + to) * size + to,
            side);
      }
    }
    return new Tensor(List.of(kernel.shape().get(0), kernel.shape().get(1), size, size), values);
  }
}
