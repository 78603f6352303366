package dev.phistream.model;

/**
 * What weights were trained with and must be run with.
 *
 * @param padding of the convolutions
 * @param bnEps added to variances by batch normalisation
 */
public record WeightConventions(Padding padding, double bnEps) {
  /** Checks the epsilon. */
  public WeightConventions {
    if (!(bnEps > 0)) {
      throw new IllegalArgumentException("bnEps: " + bnEps + " (expected: > 0)");
    }
  }
}
