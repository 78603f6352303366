package dev.phistream.training;

import java.util.function.Function;

/**
 * How often a network's best label was right.
 *
 * @param right pictures with the right label
 * @param pictures all of them
 */
public record Accuracy(int right, int pictures) {
  private static final int BATCH = 32;

  /** Runs all pictures through, in batches. */
  static Accuracy of(Function<byte[], float[]> logits, PictureSet set) {
    int right = 0;
    for (int from = 0; from < set.size(); from += BATCH) {
      int to = Math.min(set.size(), from + BATCH);
      int[] labels = new int[to - from];
      for (int i = 0; i < labels.length; i++) {
        labels[i] = set.label(from + i);
      }
      right += right(logits.apply(set.batch(from, to)), labels);
    }
    return new Accuracy(right, set.size());
  }

  /** How many rows have their largest value at their label. */
  static int right(float[] logits, int[] labels) {
    int classes = logits.length / labels.length;
    int right = 0;
    for (int row = 0; row < labels.length; row++) {
      int best = 0;
      for (int i = 1; i < classes; i++) {
        if (logits[row * classes + i] > logits[row * classes + best]) {
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
    return (double) right / pictures;
  }
}
