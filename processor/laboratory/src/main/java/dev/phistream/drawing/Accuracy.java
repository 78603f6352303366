package dev.phistream.drawing;

import dev.phistream.image.Preprocessing;
import dev.phistream.inference.InferenceException;
import dev.phistream.inference.NetworkRunner;
import java.util.List;

/**
 * How often a network's best label was right.
 *
 * @param right images with the right label
 * @param images all of them
 */
public record Accuracy(int right, int images) {
  private static final int BATCH = 32;

  /** Measures on the first images of a seed. */
  public static Accuracy measure(
      NetworkRunner network, Preprocessing preprocessing, long seed, int images)
      throws InferenceException {
    return of(
        network, ImageSet.draw(new SyntheticImages(seed), images, preprocessing, drawn -> {}));
  }

  /** Runs all images through, in batches. */
  static Accuracy of(NetworkRunner network, ImageSet set) throws InferenceException {
    int right = 0;
    for (int from = 0; from < set.size(); from += BATCH) {
      int to = Math.min(set.size(), from + BATCH);
      int[] labels = new int[to - from];
      for (int i = 0; i < labels.length; i++) {
        labels[i] = set.label(from + i);
      }
      right += right(network.logits(set.range(from, to)), labels);
    }
    return new Accuracy(right, set.size());
  }

  /** How many rows have their largest value at their label. */
  static int right(List<float[]> logits, int[] labels) {
    int right = 0;
    for (int row = 0; row < labels.length; row++) {
      float[] values = logits.get(row);
      int best = 0;
      for (int i = 1; i < values.length; i++) {
        if (values[i] > values[best]) {
          best = i;
        }
      }
      if (best == labels[row]) {
        right++;
      }
    }
    return right;
  }

  /** The part that was right, 0 to 1. */
  public double share() {
    return (double) right / images;
  }
}
