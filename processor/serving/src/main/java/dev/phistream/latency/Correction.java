package dev.phistream.latency;

/**
 * A straight line from what a model says to what comes true: least squares with weights that fall
 * exponentially with age, each new pair making up a fiftieth. Where all pairs lie close together
 * they say nothing of the slope, and it stays near 1; so it is for more than was ever said, lest
 * quiet times teach what to expect of a burst. Not thread-safe.
 */
final class Correction {
  private static final double WEIGHT_OF_NEWEST = 0.02;

  /** Pairs within this part of their mean say nothing of the slope. */
  private static final double SPREAD_OF_NO_MEANING = 0.05;

  /** Standard deviations above the mean up to which the line was learnt. */
  private static final double LEARNT = 2;

  private static final double LEAST_SLOPE = 0.25;
  private static final double MOST_SLOPE = 4;

  private double weights;
  private double meanX;
  private double meanY;
  private double varianceX;
  private double covariance;

  /** Takes a pair into account. */
  void observe(double said, double true_) {
    // The first pairs count alike, until each is worth no more than later ones will be.
    weights = Math.min(1 / WEIGHT_OF_NEWEST, weights + 1);
    double share = 1 / weights;
    double dx = said - meanX;
    double dy = true_ - meanY;
    meanX += share * dx;
    meanY += share * dy;
    varianceX = (1 - share) * (varianceX + share * dx * dx);
    covariance = (1 - share) * (covariance + share * dx * dy);
  }

  /** What will come true, by what was said; never negative. */
  double apply(double said) {
    if (weights == 0) {
      return said;
    }
    double ridge = SPREAD_OF_NO_MEANING * meanX * SPREAD_OF_NO_MEANING * meanX;
    double all = varianceX + ridge;
    double slope =
        all == 0 ? 1 : Math.max(LEAST_SLOPE, Math.min(MOST_SLOPE, (covariance + ridge) / all));
    double unlearnt = Math.max(0, said - meanX - LEARNT * Math.sqrt(all));
    return Math.max(0, meanY + slope * (said - unlearnt - meanX) + Math.max(1, slope) * unlearnt);
  }
}
