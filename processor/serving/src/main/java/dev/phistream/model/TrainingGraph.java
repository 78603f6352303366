package dev.phistream.model;

import dev.phistream.image.Preprocessing;

/**
 * Builds a network's graph for training: batch normalisation stands on its own, and dropout comes
 * before the classifier. Nodes are named so that {@link MxnetFormat} gives every parameter the name
 * that {@link Network#tensors()} has for it; there are two more, {@code normalise.weight} and
 * {@code normalise.bias}, which turn pixels into input and must not be trained.
 */
public final class TrainingGraph {
  private TrainingGraph() {}

  /**
   * Builds it, with uint8 pixels as input.
   *
   * @param weights what training begins with
   * @param conventions padding must be {@link Padding#SYMMETRIC}
   * @param dropout part of the features that each step leaves out; 0 for none
   * @throws IllegalArgumentException for other padding
   */
  public static Graph of(
      Network network,
      Weights weights,
      WeightConventions conventions,
      Preprocessing preprocessing,
      double dropout) {
    if (conventions.padding() != Padding.SYMMETRIC) {
      throw new IllegalArgumentException(
          "padding: " + conventions.padding() + " (expected: SYMMETRIC for training)");
    }
    NetworkGraph.NormalisedConvolution convolutions =
        (graph, layer, op, norm, input) -> {
          String name = layer.name();
          Tensor kernel = weights.get(name + ".weight");
          int padding = op.kernel() / 2;
          Graph.Node x =
              graph.add(
                  name, new Op.Convolution(kernel, null, op.stride(), padding, op.groups()), input);
          return graph.add(norm, batchNorm(weights, norm, conventions.bnEps()), x);
        };
    return new NetworkGraph(network, weights, conventions.padding(), convolutions)
        .build(preprocessing, Op.InputType.PIXELS, dropout);
  }

  private static Op.BatchNorm batchNorm(Weights weights, String norm, double eps) {
    return new Op.BatchNorm(
        weights.get(norm + ".weight"),
        weights.get(norm + ".bias"),
        weights.get(norm + ".running_mean"),
        weights.get(norm + ".running_var"),
        eps);
  }
}
