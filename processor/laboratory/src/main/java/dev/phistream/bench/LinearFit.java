package dev.phistream.bench;

import java.util.List;

/**
 * The straight line through points by least squares.
 *
 * @param intercept y at x = 0
 * @param slope rise of y for 1 of x; 0 if all x are the same
 */
record LinearFit(double intercept, double slope) {
  static LinearFit of(List<Double> x, List<Double> y) {
    double meanX = x.stream().mapToDouble(v -> v).average().orElseThrow();
    double meanY = y.stream().mapToDouble(v -> v).average().orElseThrow();
    double covariance = 0;
    double variance = 0;
    for (int i = 0; i < x.size(); i++) {
      covariance += (x.get(i) - meanX) * (y.get(i) - meanY);
      variance += (x.get(i) - meanX) * (x.get(i) - meanX);
    }
    double slope = variance == 0 ? 0 : covariance / variance;
    return new LinearFit(meanY - slope * meanX, slope);
  }

  double at(double x) {
    return intercept + slope * x;
  }
}
