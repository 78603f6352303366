package dev.phistream.model;

import java.util.List;

/**
 * Layers of a network that belong together.
 *
 * @param name {@code stem}, {@code head}, or the prefix of the names of its blocks
 * @param blocks what it is made of, in words for a table
 * @param repeats blocks in it
 * @param layers in their order, at least one
 */
public record Stage(String name, String blocks, int repeats, List<Layer> layers) {
  /** Copies the list. */
  public Stage {
    layers = List.copyOf(layers);
  }

  /** Channels of the last layer, and side of the image that it makes. */
  public Layer.Extent out() {
    return layers.get(layers.size() - 1).out();
  }

  /** Trained parameters. */
  public long parameters() {
    return layers.stream()
        .flatMap(layer -> layer.tensors().entrySet().stream())
        .filter(tensor -> !tensor.getKey().contains(".running_"))
        .mapToLong(tensor -> Tensor.elements(tensor.getValue()))
        .sum();
  }

  /** Multiply-adds for one image. */
  public long flops() {
    return layers.stream().mapToLong(Layer::flops).sum();
  }
}
