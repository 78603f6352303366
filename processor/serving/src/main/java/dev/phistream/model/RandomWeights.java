package dev.phistream.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Weights that know nothing. A network with them is as fast as with trained ones. */
public final class RandomWeights {
  private RandomWeights() {}

  /**
   * Draws weights through which signals keep their strength, so that each of them tells in the
   * logits.
   *
   * @param shapes of the tensors by name, as {@link Network#tensors()} gives them
   * @param seed the same seed draws the same weights
   */
  public static Map<String, Tensor> draw(Map<String, List<Integer>> shapes, long seed) {
    Random random = new Random(seed);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    shapes.forEach(
        (name, shape) -> tensors.put(name, new Tensor(shape, values(name, shape, random))));
    return tensors;
  }

  private static float[] values(String name, List<Integer> shape, Random random) {
    float[] values = new float[(int) Tensor.elements(shape)];
    double inputs = shape.size() > 1 ? Tensor.elements(shape.subList(1, shape.size())) : 1;
    for (int i = 0; i < values.length; i++) {
      double gauss = random.nextGaussian();
      if (shape.size() > 1) {
        values[i] = (float) (gauss * Math.sqrt(2.0 / inputs));
      } else if (name.endsWith("running_var")) {
        values[i] = (float) (0.4 + 0.4 * Math.abs(gauss));
      } else if (name.endsWith("weight")) {
        values[i] = (float) (1 + 0.2 * gauss);
      } else {
        values[i] = (float) (0.2 * gauss);
      }
    }
    return values;
  }
}
