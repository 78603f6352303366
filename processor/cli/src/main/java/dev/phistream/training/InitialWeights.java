package dev.phistream.training;

import dev.phistream.model.Network;
import dev.phistream.model.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What a training begins with: convolutions normal with variance 2 / fan-out (He et al., arXiv
 * 1502.01852), batch normalisations that do nothing, a classifier uniform within 1 / √classes; as
 * EfficientNet's own code does.
 */
public final class InitialWeights {
  private InitialWeights() {}

  /** Tensors for every name of the network; the same for the same seed. */
  public static Map<String, Tensor> of(Network network, long seed) {
    Random random = new Random(seed);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    network
        .tensors()
        .forEach((name, shape) -> tensors.put(name, tensor(name, shape, random, network)));
    return tensors;
  }

  private static Tensor tensor(String name, List<Integer> shape, Random random, Network network) {
    float[] values = new float[(int) Tensor.elements(shape)];
    if (shape.size() == 4) {
      boolean depthwise = name.contains("conv_dw");
      int outputs = depthwise ? 1 : shape.get(0);
      double deviation = Math.sqrt(2.0 / (outputs * shape.get(2) * shape.get(3)));
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (random.nextGaussian() * deviation);
      }
    } else if (shape.size() == 2) {
      double bound = 1 / Math.sqrt(network.classes());
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
      }
    } else if (name.endsWith(".running_var") || name.endsWith(".weight")) {
      Arrays.fill(values, 1);
    }
    return new Tensor(shape, values);
  }
}
