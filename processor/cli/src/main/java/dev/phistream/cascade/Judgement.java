package dev.phistream.cascade;

/**
 * What two models say of one labelled image.
 *
 * @param small the small model's logits; not copied
 * @param largeRight whether the large model's best label is right
 * @param label the right class
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record Judgement(float[] small, boolean largeRight, int label) {
  /** Whether the small model's best label is right. */
  public boolean smallRight() {
    return best(small) == label;
  }

  /** The place of the largest logit. */
  public static int best(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      if (logits[i] > logits[best]) {
        best = i;
      }
    }
    return best;
  }
}
