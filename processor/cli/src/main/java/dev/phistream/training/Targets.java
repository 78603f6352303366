package dev.phistream.training;

import java.util.Arrays;
import java.util.List;

/**
 * What a network shall say of each image: label smoothing (Szegedy et al., arXiv 1512.00567), and a
 * weight for each class so that rare ones count as much as frequent ones.
 */
final class Targets {
  /** How many times the weight of the most frequent class a rare one may have. */
  private static final double MOST = 10;

  private final int classes;
  private final double smoothing;
  private final double[] weights;

  /**
   * Counts the classes.
   *
   * @param balanced whether rare classes weigh more
   */
  Targets(int classes, double smoothing, boolean balanced, List<ImageData.Image> images) {
    this.classes = classes;
    this.smoothing = smoothing;
    this.weights = new double[classes];
    int[] counts = new int[classes];
    images.forEach(image -> counts[image.label()]++);
    int most = Arrays.stream(counts).max().orElse(1);
    double sum = 0;
    for (int i = 0; i < classes; i++) {
      weights[i] = balanced && counts[i] > 0 ? Math.min(MOST, (double) most / counts[i]) : 1;
      sum += weights[i] * counts[i];
    }
    double mean = images.isEmpty() ? 1 : sum / images.size();
    for (int i = 0; i < classes; i++) {
      weights[i] /= mean;
    }
  }

  /**
   * Writes the wanted probabilities of one image, times its weight, divided by the batch's size.
   */
  void put(float[] wanted, int row, int label, int batch) {
    put(wanted, row, label, 1, batch);
  }

  /** Adds a part of an image, for mixtures of two. */
  void put(float[] wanted, int row, int label, double part, int batch) {
    double weight = part * weights[label] / batch;
    for (int i = 0; i < classes; i++) {
      wanted[row * classes + i] += (float) (weight * smoothing / classes);
    }
    wanted[row * classes + label] += (float) (weight * (1 - smoothing));
  }
}
