package dev.phistream.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tensors of one network, all there and of the right shapes. Immutable. */
public final class Weights {
  private final Map<String, Tensor> tensors;

  private Weights(Map<String, Tensor> tensors) {
    this.tensors = tensors;
  }

  /**
   * Checks tensors against a network.
   *
   * @param place what messages call the tensors' file
   * @throws ModelException naming the first tensor that is missing, of another shape, not known, or
   *     that has a value which is not finite or, of a variance, negative
   */
  public static Weights of(Network network, Map<String, Tensor> tensors, String place)
      throws ModelException {
    Map<String, Tensor> checked = new LinkedHashMap<>();
    for (Map.Entry<String, List<Integer>> expected : network.tensors().entrySet()) {
      Tensor found = tensors.get(expected.getKey());
      if (found == null) {
        throw new ModelException(
            "%s: tensor %s is missing (expected: shape %s)"
                .formatted(place, expected.getKey(), expected.getValue()));
      }
      if (!found.shape().equals(expected.getValue())) {
        throw new ModelException(
            "%s: tensor %s has shape %s (expected: %s)"
                .formatted(place, expected.getKey(), found.shape(), expected.getValue()));
      }
      checked.put(expected.getKey(), found);
    }
    for (String name : tensors.keySet()) {
      if (!checked.containsKey(name)) {
        throw new ModelException(
            "%s: tensor %s of shape %s belongs to another network (expected: none of this name)"
                .formatted(place, name, tensors.get(name).shape()));
      }
    }
    for (Map.Entry<String, Tensor> tensor : checked.entrySet()) {
      checkNumbers(tensor.getKey(), tensor.getValue().values(), place);
    }
    return new Weights(checked);
  }

  private static void checkNumbers(String name, float[] values, String place)
      throws ModelException {
    boolean variance = name.endsWith(".running_var");
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new ModelException(
            "%s: tensor %s has %s at position %d (expected: finite numbers)"
                .formatted(place, name, values[i], i));
      }
      if (variance && values[i] < 0) {
        throw new ModelException(
            "%s: tensor %s has %s at position %d (expected: variances, which are not negative)"
                .formatted(place, name, values[i], i));
      }
    }
  }

  /** The tensors by name, in the network's order. */
  public Map<String, Tensor> tensors() {
    return Map.copyOf(tensors);
  }

  /** A tensor of the network. */
  public Tensor get(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(name + ": no such tensor");
    }
    return tensor;
  }
}
