package dev.phistream.model;

import dev.phistream.image.Preprocessing;
import java.util.List;

/**
 * Builds a network's inference graph: batch normalisation is folded into the convolutions before
 * it, and for pixels the normalisation {@code (x / 255 - mean) / std} comes first.
 */
public final class InferenceGraph {
  private static final double WHITE = 255.0;

  private final Network network;
  private final Weights weights;
  private final WeightConventions conventions;
  private final Graph.Builder graph = new Graph.Builder();

  private InferenceGraph(Network network, Weights weights, WeightConventions conventions) {
    this.network = network;
    this.weights = weights;
    this.conventions = conventions;
  }

  /** Builds it. */
  public static Graph of(
      Network network,
      Weights weights,
      WeightConventions conventions,
      Preprocessing preprocessing,
      Op.InputType input) {
    return new InferenceGraph(network, weights, conventions).build(preprocessing, input);
  }

  private Graph build(Preprocessing preprocessing, Op.InputType type) {
    Graph.Node x = graph.add("data", new Op.Input(type));
    if (type == Op.InputType.PIXELS) {
      x = graph.add("pixels", new Op.ToFloat(), x);
      x = graph.add("normalise", normalisation(preprocessing), x);
    }
    int side = network.resolution();
    x = swish("stem", convolution("conv_stem", "bn1", 2, 1, side, x));
    side = (side + 1) / 2;
    for (Block block : network.blocks()) {
      x = block(block, side, x);
      side = (side + block.stride() - 1) / block.stride();
    }
    x = swish("head", convolution("conv_head", "bn2", 1, 1, side, x));
    x = graph.add("pool", new Op.GlobalAveragePool(), x);
    graph.add(
        "classifier",
        new Op.Linear(weights.get("classifier.weight"), weights.get("classifier.bias")),
        x);
    return graph.build();
  }

  private Graph.Node block(Block block, int side, Graph.Node input) {
    Graph.Node x = input;
    if (block.expands()) {
      x = convolution(block.expandName(), block.expandNormName(), 1, 1, side, x);
      x = swish(block.expandName(), x);
    }
    x =
        convolution(
            block.depthwiseName(),
            block.depthwiseNormName(),
            block.stride(),
            block.expanded(),
            side,
            x);
    x = swish(block.depthwiseName(), x);
    x = squeezeExcite(block, x);
    x = convolution(block.projectName(), block.projectNormName(), 1, 1, side, x);
    return block.skips() ? graph.add(block.name() + ".add", new Op.Add(), x, input) : x;
  }

  private Graph.Node squeezeExcite(Block block, Graph.Node x) {
    Graph.Node gate = graph.add(block.name() + ".se.pool", new Op.GlobalAveragePool(), x);
    gate = graph.add(block.squeezeName(), biased(block.squeezeName()), gate);
    gate = swish(block.squeezeName(), gate);
    gate = graph.add(block.exciteName(), biased(block.exciteName()), gate);
    gate = graph.add(block.name() + ".se.gate", new Op.Sigmoid(), gate);
    return graph.add(block.name() + ".se.scale", new Op.ScaleChannels(), x, gate);
  }

  private Graph.Node swish(String name, Graph.Node x) {
    return graph.add(name + ".swish", new Op.Swish(), x);
  }

  private Op.Convolution biased(String name) {
    return new Op.Convolution(weights.get(name + ".weight"), weights.get(name + ".bias"), 1, 0, 1);
  }

  /**
   * A convolution with the batch normalisation after it folded in: w·γ/√(σ²+ε) and β − μ·γ/√(σ²+ε).
   */
  private Graph.Node convolution(
      String name, String norm, int stride, int groups, int side, Graph.Node x) {
    Tensor weight = weights.get(name + ".weight");
    float[] gamma = weights.get(norm + ".weight").values();
    float[] beta = weights.get(norm + ".bias").values();
    float[] mean = weights.get(norm + ".running_mean").values();
    float[] variance = weights.get(norm + ".running_var").values();
    float[] folded = new float[weight.values().length];
    float[] bias = new float[gamma.length];
    int perOutput = folded.length / gamma.length;
    for (int out = 0; out < gamma.length; out++) {
      double scale = gamma[out] / Math.sqrt(variance[out] + conventions.bnEps());
      bias[out] = (float) (beta[out] - mean[out] * scale);
      for (int i = out * perOutput; i < (out + 1) * perOutput; i++) {
        folded[i] = (float) (weight.values()[i] * scale);
      }
    }
    Tensor kernel = new Tensor(weight.shape(), folded);
    int size = kernel.shape().get(2);
    int padding = size / 2;
    if (conventions.padding() == Padding.SAME) {
      int total = Math.max(((side + stride - 1) / stride - 1) * stride + size - side, 0);
      padding = (total + 1) / 2;
      if (total % 2 == 1) {
        kernel = withLeadingZeros(kernel);
      }
    }
    return graph.add(
        name, new Op.Convolution(kernel, Tensor.vector(bias), stride, padding, groups), x);
  }

  /**
   * Engines pad both sides alike. One zero less on the left and the top is the same as one more row
   * and column of kernel there that are zero.
   */
  private static Tensor withLeadingZeros(Tensor kernel) {
    int size = kernel.shape().get(2);
    int larger = size + 1;
    int planes = kernel.shape().get(0) * kernel.shape().get(1);
    float[] values = new float[planes * larger * larger];
    for (int plane = 0; plane < planes; plane++) {
      for (int row = 0; row < size; row++) {
        System.arraycopy(
            kernel.values(),
            (plane * size + row) * size,
            values,
            (plane * larger + row + 1) * larger + 1,
            size);
      }
    }
    return new Tensor(
        List.of(kernel.shape().get(0), kernel.shape().get(1), larger, larger), values);
  }

  /** Normalisation as a 1×1 convolution per channel, which engines run faster than arithmetic. */
  private static Op.Convolution normalisation(Preprocessing preprocessing) {
    float[] scale = new float[3];
    float[] bias = new float[3];
    for (int c = 0; c < 3; c++) {
      double std = preprocessing.std().get(c);
      scale[c] = (float) (1 / (WHITE * std));
      bias[c] = (float) (-preprocessing.mean().get(c) / std);
    }
    return new Op.Convolution(new Tensor(List.of(3, 1, 1, 1), scale), Tensor.vector(bias), 1, 0, 3);
  }
}
