package dev.phistream.model;

/**
 * What training leaves out at random.
 *
 * @param dropout part of the features before the classifier
 * @param stochasticDepth part of the images for which the last residual block is left out; for
 *     earlier blocks it is less, in proportion to their place (Huang et al., arXiv 1603.09382)
 */
public record Noise(double dropout, double stochasticDepth) {
  /** Nothing is left out. */
  public static final Noise NONE = new Noise(0, 0);

  /** Checks the parts. */
  public Noise {
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException("dropout: " + dropout + " (expected: 0 to below 1)");
    }
    if (!(stochasticDepth >= 0 && stochasticDepth < 1)) {
      throw new IllegalArgumentException(
          "stochasticDepth: " + stochasticDepth + " (expected: 0 to below 1)");
    }
  }
}
