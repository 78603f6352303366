package dev.phistream.weights;

import java.util.Arrays;
import java.util.List;

/**
 * What a model says of images whose classes are known.
 *
 * @param logLoss per image, −log of the probability of its class
 * @param confidence per image, the probability of the class that the model says
 * @param right per image, whether that is its class
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Judgement(double[] logLoss, double[] confidence, boolean[] right) {
  /** Bins of the calibration error, as in Guo et al. (arXiv 1706.04599, section 2). */
  private static final int BINS = 15;

  /** Losses beyond this say no more; a class that is ruled out would have an infinite one. */
  private static final double MOST_LOSS = 30;

  /**
   * Judges logits.
   *
   * @param logits per image, one per class
   * @param classes per image, the number of its class
   */
  public static Judgement of(List<float[]> logits, int[] classes) {
    int images = logits.size();
    Judgement judgement =
        new Judgement(new double[images], new double[images], new boolean[images]);
    for (int i = 0; i < images; i++) {
      float[] values = logits.get(i);
      int best = 0;
      for (int c = 1; c < values.length; c++) {
        best = values[c] > values[best] ? c : best;
      }
      double sum = 0;
      for (float value : values) {
        sum += Math.exp((double) value - values[best]);
      }
      double loss = Math.log(sum) + values[best] - values[classes[i]];
      judgement.logLoss[i] = Math.min(MOST_LOSS, loss);
      judgement.confidence[i] = 1 / sum;
      judgement.right[i] = best == classes[i];
    }
    return judgement;
  }

  /** How many images there are. */
  public int images() {
    return right.length;
  }

  /** How many it labels right. */
  public int count() {
    int count = 0;
    for (boolean one : right) {
      count += one ? 1 : 0;
    }
    return count;
  }

  /** The mean of the losses, in nats. */
  public double meanLogLoss() {
    return Arrays.stream(logLoss).average().orElse(0);
  }

  /** How sure the model is on average. */
  public double meanConfidence() {
    return Arrays.stream(confidence).average().orElse(0);
  }

  /**
   * The expected calibration error: by how much confidence and accuracy differ, on average over
   * fifteen bins of confidence, weighted by their images.
   */
  public double calibrationError() {
    double[] confidences = new double[BINS];
    int[] hits = new int[BINS];
    for (int i = 0; i < images(); i++) {
      int bin = Math.min(BINS - 1, (int) (confidence[i] * BINS));
      confidences[bin] += confidence[i];
      hits[bin] += right[i] ? 1 : 0;
    }
    double error = 0;
    for (int bin = 0; bin < BINS; bin++) {
      error += Math.abs(confidences[bin] - hits[bin]);
    }
    return images() == 0 ? 0 : error / images();
  }

  /** How many standard errors the loss of {@code other} lies below this one, image by image. */
  double standardErrorsAbove(Judgement other) {
    int n = images();
    double[] differences = new double[n];
    for (int i = 0; i < n; i++) {
      differences[i] = logLoss[i] - other.logLoss[i];
    }
    double mean = Arrays.stream(differences).average().orElse(0);
    double squares = Arrays.stream(differences).map(d -> (d - mean) * (d - mean)).sum();
    double error = n < 2 ? Double.POSITIVE_INFINITY : Math.sqrt(squares / (n - 1) / n);
    return error == 0 ? 0 : mean / error;
  }
}
