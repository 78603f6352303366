package dev.phistream.model;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Rewrites an inference graph so that MXNet 1.9 runs all of it in oneDNN's layouts.
 *
 * <p>Swish and squeeze-excite are products of two maps, which MXNet multiplies outside oneDNN: each
 * costs a change of layout and one back, more time than the convolutions. {@link Op.Gate} is a
 * product that oneDNN does compute. MXNet runs it only where no gradient can flow into it, that is,
 * before convolutions: hence the convolution before a pool, and the squeezed values spread before
 * the last convolution of a squeeze-excite instead of after it (where they are many times more).
 *
 * <p>Linear layers become convolutions, and logits N×classes×1×1: MXNet's fused {@code
 * FullyConnected} decides at its first micro-batch whether its maps are in oneDNN's layout, and
 * fails when a later one is not as the first ("We can't generate TBlob for MKLDNN data").
 */
public final class OneDnnGraph {
  /** The sides of EfficientNet's maps at 224 pixels are multiples of it. */
  private static final int WINDOW = 7;

  private final Graph.Builder rewritten = new Graph.Builder();
  private final Map<String, Graph.Node> outputs = new HashMap<>();
  private final Map<String, Integer> sides = new HashMap<>();

  private OneDnnGraph() {}

  /**
   * Rewrites it.
   *
   * @param original as {@link InferenceGraph} builds it; what follows computes the same
   * @param resolution side of the input, in pixels
   */
  public static Graph of(Graph original, int resolution) {
    OneDnnGraph oneDnn = new OneDnnGraph();
    Graph graph = PaddedChannels.of(original);
    Set<Graph.Node> gates = gates(graph);
    for (Graph.Node node : graph.nodes()) {
      oneDnn.measure(node, resolution);
      if (!gates.contains(node)) {
        oneDnn.outputs.put(node.name(), oneDnn.rewrite(node));
      }
    }
    return oneDnn.rewritten.build();
  }

  /** The convolutions and sigmoids that end squeeze-excites; they move into {@link Op.Gate}s. */
  private static Set<Graph.Node> gates(Graph graph) {
    Set<Graph.Node> gates = new HashSet<>();
    for (Graph.Node node : graph.nodes()) {
      if (isSqueezeExcite(node)) {
        Graph.Node sigmoid = node.inputs().get(1);
        gates.add(sigmoid);
        gates.add(sigmoid.inputs().get(0));
      }
    }
    return gates;
  }

  private static boolean isSqueezeExcite(Graph.Node node) {
    return node.op() instanceof Op.ScaleChannels
        && node.inputs().get(1).op() instanceof Op.Sigmoid
        && node.inputs().get(1).inputs().get(0).op() instanceof Op.Convolution convolution
        && convolution.weight().shape().get(2) == 1;
  }

  private void measure(Graph.Node node, int resolution) {
    int side = node.inputs().isEmpty() ? resolution : side(node.inputs().get(0));
    if (node.op() instanceof Op.Convolution op) {
      side = (side + 2 * op.padding() - op.weight().shape().get(2)) / op.stride() + 1;
    } else if (node.op() instanceof Op.MaxPool op) {
      side = (side + op.before() + op.after() - op.kernel()) / op.stride() + 1;
    } else if (node.op() instanceof Op.GlobalAveragePool || node.op() instanceof Op.Linear) {
      side = 1;
    }
    sides.put(node.name(), side);
  }

  private Graph.Node rewrite(Graph.Node node) {
    if (isSqueezeExcite(node)) {
      return rewritten.add(node.name(), new Op.Gate(), output(node.inputs().get(0)), gate(node));
    }
    Graph.Node[] inputs = node.inputs().stream().map(this::output).toArray(Graph.Node[]::new);
    if (node.op() instanceof Op.Swish) {
      return rewritten.add(node.name(), new Op.Gate(), inputs[0], inputs[0]);
    }
    if (node.op() instanceof Op.GlobalAveragePool) {
      int channels = channels(node.inputs().get(0));
      return rewritten.add(
          node.name(),
          node.op(),
          rewritten.add(
              node.name() + ".windows", windows(channels, side(node.inputs().get(0))), inputs[0]));
    }
    if (node.op() instanceof Op.Linear linear) {
      return rewritten.add(node.name(), convolution(linear), inputs);
    }
    return rewritten.add(node.name(), node.op(), inputs);
  }

  private static Op.Convolution convolution(Op.Linear linear) {
    List<Integer> shape = linear.weight().shape();
    return new Op.Convolution(
        new Tensor(List.of(shape.get(0), shape.get(1), 1, 1), linear.weight().values()),
        linear.bias(),
        1,
        0,
        1);
  }

  private Graph.Node gate(Graph.Node scale) {
    Graph.Node convolution = scale.inputs().get(1).inputs().get(0);
    Graph.Node spread =
        rewritten.add(
            convolution.name() + ".spread",
            new Op.Spread(side(scale)),
            output(convolution.inputs().get(0)));
    return rewritten.add(convolution.name(), convolution.op(), spread);
  }

  /** Sums of windows, scaled so that their mean is that of the map. */
  private static Op.Convolution windows(int channels, int side) {
    int kernel = Math.min(side, WINDOW);
    int steps = (side + kernel - 1) / kernel;
    float[] weights = new float[channels * kernel * kernel];
    Arrays.fill(weights, (float) ((double) steps * steps / ((double) side * side)));
    return new Op.Convolution(
        new Tensor(List.of(channels, 1, kernel, kernel), weights),
        null,
        kernel,
        (steps * kernel - side + 1) / 2,
        channels);
  }

  private int channels(Graph.Node node) {
    Graph.Node at = node;
    while (!(at.op() instanceof Op.Convolution)) {
      at = at.inputs().get(0);
    }
    return ((Op.Convolution) at.op()).weight().shape().get(0);
  }

  private Graph.Node output(Graph.Node node) {
    return Graph.made(outputs, node);
  }

  private int side(Graph.Node node) {
    return Graph.made(sides, node);
  }
}
