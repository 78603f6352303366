package dev.phistream.cascade;

import java.util.List;

/**
 * Temperature scaling (Guo et al. 2017, arXiv 1706.04599): logits are divided by one number before
 * softmax, which changes no label and makes probabilities mean what they say.
 *
 * @param value above 1 for a model that is too sure
 */
public record Temperature(double value) {
  private static final double LEAST = 0.05;
  private static final double MOST = 20;
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;
  private static final double PRECISION = 1e-5;

  /** The one with the least negative log-likelihood, which has one minimum. */
  public static Temperature fit(List<Judgement> images) {
    if (images.isEmpty()) {
      throw new IllegalArgumentException("images: none (expected: at least one)");
    }
    double low = Math.log(LEAST);
    double high = Math.log(MOST);
    double a = high - GOLDEN * (high - low);
    double b = low + GOLDEN * (high - low);
    double atA = at(a).meanNegativeLogLikelihood(images);
    double atB = at(b).meanNegativeLogLikelihood(images);
    while (high - low > PRECISION) {
      if (atA <= atB) {
        high = b;
        b = a;
        atB = atA;
        a = high - GOLDEN * (high - low);
        atA = at(a).meanNegativeLogLikelihood(images);
      } else {
        low = a;
        a = b;
        atA = atB;
        b = low + GOLDEN * (high - low);
        atB = at(b).meanNegativeLogLikelihood(images);
      }
    }
    return at((low + high) / 2);
  }

  private static Temperature at(double logarithm) {
    return new Temperature(Math.exp(logarithm));
  }

  /** How badly the small model's probabilities foretell the labels; 0 would be perfect. */
  public double meanNegativeLogLikelihood(List<Judgement> images) {
    return images.stream()
        .mapToDouble(image -> -logProbability(image.small(), image.label()))
        .average()
        .orElse(0);
  }

  /** The probability of the best label. */
  public double confidence(float[] logits) {
    return Math.exp(logProbability(logits, Judgement.best(logits)));
  }

  private double logProbability(float[] logits, int label) {
    double largest = logits[Judgement.best(logits)];
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp((logit - largest) / value);
    }
    return (logits[label] - largest) / value - Math.log(sum);
  }
}
