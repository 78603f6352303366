package dev.phistream.model;

import dev.phistream.image.Preprocessing;
import java.util.List;

/**
 * Lays out the operations of a network. What a convolution and the batch normalisation after it
 * become is for {@link NormalisedConvolution} to say: one operation for inference, two for
 * training.
 */
final class NetworkGraph {
  private static final double WHITE = 255.0;

  /** Makes a convolution and the batch normalisation after it. */
  interface NormalisedConvolution {
    /**
     * Adds it to the graph.
     *
     * @param name of the convolution's weight
     * @param norm of the batch normalisation's tensors
     * @param side of the input, in pixels
     * @return the node of the output
     */
    Graph.Node add(
        Graph.Builder graph,
        String name,
        String norm,
        int stride,
        int groups,
        int side,
        Graph.Node input);
  }

  private final Network network;
  private final Weights weights;
  private final NormalisedConvolution convolutions;
  private final Graph.Builder graph = new Graph.Builder();

  NetworkGraph(Network network, Weights weights, NormalisedConvolution convolutions) {
    this.network = network;
    this.weights = weights;
    this.convolutions = convolutions;
  }

  /**
   * Lays out the graph.
   *
   * @param dropout part of the features before the classifier that training leaves out; 0 for none
   */
  Graph build(Preprocessing preprocessing, Op.InputType type, double dropout) {
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
    if (dropout > 0) {
      x = graph.add("dropout", new Op.Dropout(dropout), x);
    }
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

  private Graph.Node convolution(
      String name, String norm, int stride, int groups, int side, Graph.Node x) {
    return convolutions.add(graph, name, norm, stride, groups, side, x);
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
