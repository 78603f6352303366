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
   * @param noise what each step leaves out
   * @throws IllegalArgumentException for other padding
   */
  public static Graph of(
      Network network,
      Weights weights,
      WeightConventions conventions,
      Preprocessing preprocessing,
      Noise noise) {
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
        .build(preprocessing, Op.InputType.PIXELS, noise);
  }

  /**
   * Builds the layers above a cut for training with frozen statistics: batch normalisation is
   * folded into the convolutions, so that it neither costs time nor follows the few images of a
   * batch. Any padding will do; {@link FoldedWeights} says what the parameters are called. With
   * nothing below the cut the input is uint8 pixels, and there are {@code normalise.weight} and
   * {@code normalise.bias} as well.
   *
   * @param weights of all layers above the cut
   */
  public static Graph folded(
      NetworkCut cut,
      Weights weights,
      WeightConventions conventions,
      Preprocessing preprocessing,
      Noise noise) {
    return InferenceGraph.above(cut, weights, conventions, preprocessing, noise);
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
