package dev.phistream.weights;

import dev.phistream.model.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Reorders the dimensions of tensors. */
final class Axes {
  private Axes() {}

  /**
   * The same values with dimensions in another order.
   *
   * @param order per dimension of the result, the dimension of {@code tensor} that it is
   */
  static Tensor move(Tensor tensor, int... order) {
    List<Integer> shape = new ArrayList<>();
    int[] strides = new int[order.length];
    for (int d = 0; d < order.length; d++) {
      shape.add(tensor.shape().get(order[d]));
      strides[d] =
          (int) Tensor.elements(tensor.shape().subList(order[d] + 1, tensor.shape().size()));
    }
    float[] values = new float[tensor.values().length];
    int[] position = new int[order.length];
    int from = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = tensor.values()[from];
      for (int d = order.length - 1; d >= 0; d--) {
        from += strides[d];
        if (++position[d] < shape.get(d)) {
          break;
        }
        from -= strides[d] * shape.get(d);
        position[d] = 0;
      }
    }
    return new Tensor(shape, values);
  }

  /** The sizes that are not 1. */
  static List<Integer> withoutOnes(List<Integer> shape) {
    return shape.stream().filter(size -> size != 1).toList();
  }
}
