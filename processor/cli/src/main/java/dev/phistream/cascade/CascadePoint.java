package dev.phistream.cascade;

/**
 * A cascade with one threshold, on some images.
 *
 * @param threshold confidence from which on the small model answers
 * @param escalations images that the large model answers, of all
 * @param right images with the right label, of all
 * @param lost images that the large model alone has right and the cascade has wrong
 * @param gained images that the cascade has right and the large model alone has wrong
 * @param smallCompute of the small model, where the large one is 1
 */
public record CascadePoint(
    double threshold,
    Proportion escalations,
    Proportion right,
    int lost,
    int gained,
    double smallCompute) {
  /** Part of the images that the large model answers. */
  public double escalated() {
    return escalations.share();
  }

  /** Part of the images with the right label. */
  public double accuracy() {
    return right.share();
  }

  /** Compute of both models, where the large model for every image is 1. */
  public double compute() {
    return smallCompute + escalated();
  }

  /** What compute may be on other images of the kind: above it in 2.5 % of cases at most. */
  public double computeHigh() {
    return smallCompute + escalations.high();
  }

  /** Accuracy of the large model alone less this one's. */
  public double deficit() {
    return (double) (lost - gained) / right.of();
  }

  /** The lower end of the deficit's interval of 95 %; see {@link #deficitHigh}. */
  public double deficitLow() {
    return deficit()
        - Math.hypot(share(lost) - lostShare().low(), gainedShare().high() - share(gained));
  }

  /**
   * The upper end of the deficit's interval of 95 %: of a difference of two shares, each with its
   * exact interval (Zou and Donner, Statistics in Medicine 27, 2008). That no image was lost among
   * few does not say that none will be.
   */
  public double deficitHigh() {
    return deficit()
        + Math.hypot(lostShare().high() - share(lost), share(gained) - gainedShare().low());
  }

  private Proportion lostShare() {
    return new Proportion(lost, right.of());
  }

  private Proportion gainedShare() {
    return new Proportion(gained, right.of());
  }

  private double share(int images) {
    return (double) images / right.of();
  }
}
