package dev.phistream.model;

import java.util.List;

/**
 * A network in two parts: the layers below a place, whose weights stay as they are, and the layers
 * above it, which learn. What the part below makes of an image is the input of the part above.
 *
 * @param network the whole
 * @param layers how many of its layers are below; 0 for none, at most all but the last
 */
public record NetworkCut(Network network, int layers) {
  /** Checks the place. */
  public NetworkCut {
    int most = network.layers().size() - 1;
    if (layers < 0 || layers > most) {
      throw new IllegalArgumentException("layers: %d (expected: 0 to %d)".formatted(layers, most));
    }
  }

  /** Only the classifier is above: the part below makes the pooled features of an image. */
  public static NetworkCut belowClassifier(Network network) {
    return new NetworkCut(network, network.layers().size() - 1);
  }

  /**
   * The stage and all above it learn. What would be below an activation that engines cannot end
   * with is above as well: the first stage learns together with the stem.
   *
   * @param stage name of a stage of the network
   * @throws IllegalArgumentException when the network has no stage of this name
   */
  public static NetworkCut belowStage(Network network, String stage) {
    int layers = 0;
    for (Stage next : network.stages()) {
      if (next.name().equals(stage)) {
        return new NetworkCut(network, endsInSwish(network, layers) ? 0 : layers);
      }
      layers += next.layers().size();
    }
    throw new IllegalArgumentException(
        "stage: %s (expected: one of %s)"
            .formatted(
                stage, String.join(", ", network.stages().stream().map(Stage::name).toList())));
  }

  private static boolean endsInSwish(Network network, int layers) {
    return layers > 0
        && network.layers().get(layers - 1).kind() instanceof Layer.Activate activate
        && activate.activation() == Activation.SWISH;
  }

  /** The layers whose weights stay as they are. */
  public List<Layer> below() {
    return network.layers().subList(0, layers);
  }

  /** The layers that learn. */
  public List<Layer> above() {
    List<Layer> all = network.layers();
    return all.subList(layers, all.size());
  }

  /** What is handed from below to above: the image itself when nothing is below. */
  public Layer.Extent seam() {
    return network.layers().get(Math.max(0, layers - 1)).out();
  }

  /** Values of one image at the seam. */
  public int values() {
    return (int) (seam().channels() * seam().area());
  }

  /** Multiply-adds of one image in the layers that learn. */
  public long flopsAbove() {
    return above().stream().mapToLong(Layer::flops).sum();
  }
}
