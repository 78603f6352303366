package dev.phistream.model;

import dev.phistream.image.Preprocessing;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Lays out the operations of a network. What a convolution and the batch normalisation after it
 * become is for {@link NormalisedConvolution} to say: one operation for inference, two for
 * training.
 */
final class NetworkGraph {
  /** What MXNet models call their input. */
  private static final String INPUT = "data";

  private static final double WHITE = 255.0;

  /** Makes a convolution and the batch normalisation after it. */
  interface NormalisedConvolution {
    /**
     * Adds it to the graph.
     *
     * @param layer the convolution's
     * @param norm of the batch normalisation's tensors
     * @return the node of the output
     */
    Graph.Node add(
        Graph.Builder graph,
        Layer layer,
        Layer.Convolution convolution,
        String norm,
        Graph.Node input);
  }

  private final Network network;
  private final Weights weights;
  private final Padding padding;
  private final NormalisedConvolution convolutions;
  private final Graph.Builder graph = new Graph.Builder();
  private final Map<String, Graph.Node> outputs = new HashMap<>();

  NetworkGraph(
      Network network, Weights weights, Padding padding, NormalisedConvolution convolutions) {
    this.network = network;
    this.weights = weights;
    this.padding = padding;
    this.convolutions = convolutions;
  }

  /** Lays out the graph of the whole network. */
  Graph build(Preprocessing preprocessing, Op.InputType type, Noise noise) {
    return build(network.layers(), preprocessing, type, noise);
  }

  /** Lays out the graph of the layers below a cut. */
  Graph below(NetworkCut cut, Preprocessing preprocessing, Op.InputType type) {
    return build(cut.below(), preprocessing, type, Noise.NONE);
  }

  /** Lays out the graph of the layers above a cut; with nothing below, its input is pixels. */
  Graph above(NetworkCut cut, Preprocessing preprocessing, Noise noise) {
    if (!cut.below().isEmpty()) {
      String seam = cut.below().get(cut.below().size() - 1).name();
      outputs.put(seam, graph.add(INPUT, new Op.Input(Op.InputType.NORMALISED)));
    }
    return build(cut.above(), preprocessing, Op.InputType.PIXELS, noise);
  }

  private Graph build(
      List<Layer> layers, Preprocessing preprocessing, Op.InputType type, Noise noise) {
    for (Layer layer : layers) {
      outputs.put(
          layer.name(),
          layer.kind() instanceof Layer.Input
              ? input(layer, preprocessing, type)
              : add(layer, noise));
    }
    return graph.build();
  }

  private Graph.Node input(Layer layer, Preprocessing preprocessing, Op.InputType type) {
    Graph.Node x = graph.add(layer.name(), new Op.Input(type));
    if (type == Op.InputType.PIXELS) {
      x = graph.add("pixels", new Op.ToFloat(), x);
      x = graph.add("normalise", normalisation(preprocessing), x);
    }
    return x;
  }

  private Graph.Node add(Layer layer, Noise noise) {
    Graph.Node x = output(layer.inputs().get(0));
    if (layer.kind() instanceof Layer.Convolution convolution && convolution.norm() != null) {
      return convolutions.add(graph, layer, convolution, convolution.norm(), x);
    }
    if (layer.kind() instanceof Layer.Linear && noise.dropout() > 0) {
      x = graph.add("dropout", new Op.Dropout(noise.dropout()), x);
      return graph.add(layer.name(), op(layer), x);
    }
    if (layer.kind() instanceof Layer.Add && noise.stochasticDepth() > 0) {
      double rate = noise.stochasticDepth() * depth(layer);
      x = graph.add(layer.name() + ".depth", new Op.DropBranch(rate), x);
      return graph.add(layer.name(), op(layer), x, output(layer.inputs().get(1)));
    }
    Graph.Node[] inputs = layer.inputs().stream().map(this::output).toArray(Graph.Node[]::new);
    return graph.add(layer.name(), op(layer), inputs);
  }

  /** The place of a residual sum among those of the network, above 0 and at most 1. */
  private double depth(Layer layer) {
    List<Layer> sums =
        network.layers().stream().filter(other -> other.kind() instanceof Layer.Add).toList();
    return (sums.indexOf(layer) + 1.0) / sums.size();
  }

  private Op op(Layer layer) {
    Layer.Kind kind = layer.kind();
    if (kind instanceof Layer.Activate activate) {
      return activate.activation().op();
    }
    if (kind instanceof Layer.Convolution) {
      return new Op.Convolution(
          weights.get(layer.name() + ".weight"), weights.get(layer.name() + ".bias"), 1, 0, 1);
    }
    if (kind instanceof Layer.MaxPool pool) {
      int side = layer.in().side();
      return new Op.MaxPool(
          pool.kernel(),
          pool.stride(),
          padding.before(side, pool.kernel(), pool.stride()),
          padding.after(side, pool.kernel(), pool.stride()));
    }
    if (kind instanceof Layer.GlobalAveragePool) {
      return new Op.GlobalAveragePool();
    }
    if (kind instanceof Layer.ScaleChannels) {
      return new Op.ScaleChannels();
    }
    if (kind instanceof Layer.Add) {
      return new Op.Add();
    }
    if (kind instanceof Layer.Linear) {
      return new Op.Linear(
          weights.get(layer.name() + ".weight"), weights.get(layer.name() + ".bias"));
    }
    throw new IllegalArgumentException("layer: " + layer + " (expected: a known kind)");
  }

  private Graph.Node output(String layer) {
    return Objects.requireNonNull(outputs.get(layer), layer);
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
