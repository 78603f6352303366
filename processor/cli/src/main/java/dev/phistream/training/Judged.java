package dev.phistream.training;

import dev.phistream.cascade.Judgement;

/**
 * What a network says of an image.
 *
 * @param image with its class
 * @param logits one for each class; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record Judged(ImageData.Image image, float[] logits) {
  /** The class of the largest logit. */
  public int best() {
    return Judgement.best(logits);
  }

  /** Whether that is the right one. */
  public boolean right() {
    return best() == image.label();
  }

  /** How many classes have a larger logit than the right one. */
  public int rank() {
    int rank = 0;
    for (int i = 0; i < logits.length; i++) {
      if (logits[i] > logits[image.label()]
          || (logits[i] == logits[image.label()] && i < image.label())) {
        rank++;
      }
    }
    return rank;
  }

  /** Cross-entropy at temperature 1. */
  public double loss() {
    return -Math.log(Math.max(1e-12, probabilities()[image.label()]));
  }

  /** Softmax of the logits. */
  public double[] probabilities() {
    double largest = logits[best()];
    double[] probabilities = new double[logits.length];
    double sum = 0;
    for (int i = 0; i < logits.length; i++) {
      probabilities[i] = Math.exp(logits[i] - largest);
      sum += probabilities[i];
    }
    for (int i = 0; i < logits.length; i++) {
      probabilities[i] /= sum;
    }
    return probabilities;
  }

  /** The probability of the best class. */
  public double score() {
    return probabilities()[best()];
  }

  /** The same image with its logits divided by a temperature. */
  public Judged at(double temperature) {
    float[] scaled = new float[logits.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = (float) (logits[i] / temperature);
    }
    return new Judged(image, scaled);
  }
}
