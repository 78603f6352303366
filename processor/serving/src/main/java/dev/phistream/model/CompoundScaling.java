package dev.phistream.model;

/**
 * Compound scaling: depth α^φ, width β^φ, resolution γ^φ (Tan and Le, EfficientNet, arXiv
 * 1905.11946, section 3.3). With α·β²·γ² ≈ 2, the work grows by about 2^φ.
 *
 * @param alpha base of the depth
 * @param beta base of the width
 * @param gamma base of the resolution
 * @param baseResolution side of the unscaled input, in pixels
 */
public record CompoundScaling(double alpha, double beta, double gamma, int baseResolution) {
  /** The constants that the paper's grid search found for EfficientNet-B0. */
  public static final CompoundScaling EFFICIENT_NET = new CompoundScaling(1.2, 1.1, 1.15, 224);

  /** Checks the bases. */
  public CompoundScaling {
    if (!(alpha >= 1) || !(beta >= 1) || !(gamma >= 1) || baseResolution < 1) {
      throw new IllegalArgumentException(
          "alpha, beta, gamma, baseResolution: %s, %s, %s, %d (expected: all >= 1)"
              .formatted(alpha, beta, gamma, baseResolution));
    }
  }

  /** The scaling at φ; a negative φ scales down. */
  public Scaling at(double phi) {
    return new Scaling(
        Math.pow(beta, phi),
        Math.pow(alpha, phi),
        Math.max(1, (int) Math.round(baseResolution * Math.pow(gamma, phi))));
  }

  /** The scaling at φ of a network whose width and depth are scaled already. */
  public Scaling at(double phi, Scaling base) {
    Scaling scaling = at(phi);
    return new Scaling(
        scaling.width() * base.width(), scaling.depth() * base.depth(), scaling.resolution());
  }

  /** α·β²·γ²: by how much one step of φ multiplies the work, but for rounding. */
  public double growth() {
    return alpha * beta * beta * gamma * gamma;
  }
}
