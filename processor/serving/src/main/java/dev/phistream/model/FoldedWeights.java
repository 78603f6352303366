package dev.phistream.model;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The parameters of the layers above a cut as {@link TrainingGraph#folded} has them, and back: a
 * folded convolution is written as a convolution and a batch normalisation that only adds the bias.
 */
public final class FoldedWeights {
  private FoldedWeights() {}

  /**
   * The shape of every parameter by the graph's name for it. A convolution whose padding is
   * lopsided has one more row and column, which {@link #leadingZeros} names.
   */
  public static Map<String, List<Integer>> shapes(NetworkCut cut, Padding padding) {
    Map<String, List<Integer>> shapes = new LinkedHashMap<>();
    for (Layer layer : cut.above()) {
      layer
          .tensors()
          .forEach(
              (name, shape) -> {
                if (name.equals(layer.name() + ".weight")) {
                  shapes.put(name, lopsided(layer, padding) ? larger(shape) : shape);
                  shapes.put(layer.name() + ".bias", List.of(shape.get(0)));
                }
              });
    }
    return shapes;
  }

  /** Kernels whose first row and column must stay zero. */
  public static List<String> leadingZeros(NetworkCut cut, Padding padding) {
    return cut.above().stream()
        .filter(layer -> lopsided(layer, padding))
        .map(layer -> layer.name() + ".weight")
        .toList();
  }

  /**
   * The tensors of the layers above by the network's names.
   *
   * @param folded by the names of {@link #shapes}
   */
  public static Map<String, Tensor> unfold(
      NetworkCut cut, Map<String, Tensor> folded, WeightConventions conventions) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Map<String, Tensor> found = new HashMap<>(folded);
    for (Layer layer : cut.above()) {
      if (layer.tensors().isEmpty()) {
        continue;
      }
      Tensor weight = Objects.requireNonNull(found.get(layer.name() + ".weight"), layer.name());
      Tensor bias = Objects.requireNonNull(found.get(layer.name() + ".bias"), layer.name());
      tensors.put(
          layer.name() + ".weight",
          lopsided(layer, conventions.padding()) ? LeadingZeros.cut(weight) : weight);
      String norm =
          layer.kind() instanceof Layer.Convolution convolution ? convolution.norm() : null;
      if (norm == null) {
        tensors.put(layer.name() + ".bias", bias);
      } else {
        int channels = bias.values().length;
        tensors.put(norm + ".weight", all(channels, (float) Math.sqrt(1 + conventions.bnEps())));
        tensors.put(norm + ".bias", bias);
        tensors.put(norm + ".running_mean", all(channels, 0));
        tensors.put(norm + ".running_var", all(channels, 1));
      }
    }
    return tensors;
  }

  private static Tensor all(int count, float value) {
    float[] values = new float[count];
    Arrays.fill(values, value);
    return Tensor.vector(values);
  }

  private static boolean lopsided(Layer layer, Padding padding) {
    if (!(layer.kind() instanceof Layer.Convolution op)) {
      return false;
    }
    int side = layer.in().side();
    return padding.after(side, op.kernel(), op.stride())
        > padding.before(side, op.kernel(), op.stride());
  }

  private static List<Integer> larger(List<Integer> shape) {
    return List.of(shape.get(0), shape.get(1), shape.get(2) + 1, shape.get(3) + 1);
  }
}
