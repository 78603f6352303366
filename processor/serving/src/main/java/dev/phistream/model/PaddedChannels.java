package dev.phistream.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites an inference graph so that maps have channels in whole blocks: the channels that are
 * added hold zeros and change nothing, but oneDNN has its fast kernels, all of one layout, for
 * whole blocks only.
 */
final class PaddedChannels {
  /** Float32 values in an AVX-512 register. */
  private static final int BLOCK = 16;

  private static final int COLOURS = 3;

  private final Graph.Builder rewritten = new Graph.Builder();
  private final Map<String, Graph.Node> outputs = new HashMap<>();
  private final Map<String, Integer> channels = new HashMap<>();

  private PaddedChannels() {}

  static Graph of(Graph graph) {
    PaddedChannels padded = new PaddedChannels();
    for (Graph.Node node : graph.nodes()) {
      padded.add(node);
    }
    return padded.rewritten.build();
  }

  private void add(Graph.Node node) {
    Graph.Node[] inputs =
        node.inputs().stream().map(input -> Graph.made(outputs, input)).toArray(Graph.Node[]::new);
    int in = inputs.length == 0 ? COLOURS : Graph.made(channels, node.inputs().get(0));
    Op op = node.op();
    int out = in;
    if (op instanceof Op.Convolution convolution) {
      boolean depthwise = convolution.groups() > 1;
      out = depthwise ? in : padded(node, convolution);
      op =
          new Op.Convolution(
              pad(convolution.weight(), out, depthwise ? 1 : in),
              pad(convolution.bias(), out),
              convolution.stride(),
              convolution.padding(),
              depthwise ? out : 1);
    } else if (op instanceof Op.Linear linear) {
      out = linear.bias().values().length;
      op = new Op.Linear(pad(linear.weight(), out, in), linear.bias());
    }
    channels.put(node.name(), out);
    outputs.put(node.name(), rewritten.add(node.name(), op, inputs));
  }

  /** Squeezed maps and the narrowest ones are too small for it to pay. */
  private static int padded(Graph.Node node, Op.Convolution convolution) {
    int out = convolution.weight().shape().get(0);
    boolean squeezed = node.inputs().get(0).op() instanceof Op.GlobalAveragePool;
    return squeezed || out < BLOCK ? out : (out + BLOCK - 1) / BLOCK * BLOCK;
  }

  private static @Nullable Tensor pad(@Nullable Tensor bias, int out) {
    if (bias == null || bias.values().length == out) {
      return bias;
    }
    float[] values = new float[out];
    System.arraycopy(bias.values(), 0, values, 0, bias.values().length);
    return Tensor.vector(values);
  }

  /** O×I×… with zeros up to {@code out} and {@code in}. */
  private static Tensor pad(Tensor weight, int out, int in) {
    List<Integer> shape = weight.shape();
    if (shape.get(0) == out && shape.get(1) == in) {
      return weight;
    }
    int kernel = (int) Tensor.elements(shape.subList(2, shape.size()));
    int row = shape.get(1) * kernel;
    float[] values = new float[out * in * kernel];
    for (int o = 0; o < shape.get(0); o++) {
      System.arraycopy(weight.values(), o * row, values, o * in * kernel, row);
    }
    List<Integer> padded = new ArrayList<>(shape);
    padded.set(0, out);
    padded.set(1, in);
    return new Tensor(padded, values);
  }
}
