package dev.phistream.model;

import static java.util.Objects.requireNonNull;

/**
 * What weights were trained with and must be run with.
 *
 * @param padding of the convolutions
 * @param bnEps added to variances by batch normalisation
 */
public record WeightConventions(Padding padding, double bnEps) {
  /** Checks both; a file may leave one out. */
  public WeightConventions {
    requireNonNull(padding, "padding is missing");
    if (!(bnEps > 0 && bnEps <= 1)) {
      throw new IllegalArgumentException("bnEps: " + bnEps + " (expected: > 0 and <= 1)");
    }
  }
}
