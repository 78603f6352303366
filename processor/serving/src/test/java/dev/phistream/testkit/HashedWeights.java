package dev.phistream.testkit;

import dev.phistream.model.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Weights that follow from the tensors' names, the same here and in {@code
 * src/test/python/family_reference.py}: splitmix64 from the FNV-1a hash of the name.
 */
public final class HashedWeights {
  private HashedWeights() {}

  /** A tensor for each name. */
  public static Map<String, Tensor> of(Map<String, List<Integer>> shapes) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    shapes.forEach((name, shape) -> tensors.put(name, tensor(name, shape)));
    return tensors;
  }

  /** Numbers from 0 to below 1. */
  public static double[] units(String name, int count) {
    long seed = 0xCBF29CE484222325L;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      seed = (seed ^ (b & 0xff)) * 0x100000001B3L;
    }
    double[] units = new double[count];
    for (int i = 0; i < count; i++) {
      long z = seed + (i + 1) * 0x9E3779B97F4A7C15L;
      z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
      z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
      z = z ^ (z >>> 31);
      units[i] = (z >>> 40) / (double) (1 << 24);
    }
    return units;
  }

  private static Tensor tensor(String name, List<Integer> shape) {
    double[] units = units(name, (int) Tensor.elements(shape));
    double scale = Math.sqrt(4.0 / Tensor.elements(shape.subList(1, shape.size())));
    float[] values = new float[units.length];
    for (int i = 0; i < values.length; i++) {
      double centred = 2 * units[i] - 1;
      if (shape.size() > 1) {
        values[i] = (float) (centred * scale);
      } else if (name.endsWith("running_var")) {
        values[i] = (float) (0.5 + units[i]);
      } else {
        values[i] = (float) ((name.endsWith("weight") ? 1 : 0) + 0.2 * centred);
      }
    }
    return new Tensor(shape, values);
  }
}
