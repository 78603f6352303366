package dev.phistream.training;

import ai.djl.training.tracker.Tracker;

/**
 * A learning rate that rises linearly for a twentieth of the steps and then falls as a cosine to
 * zero (Loshchilov and Hutter, arXiv 1608.03983, without restarts).
 *
 * @param peak highest rate
 * @param steps of the whole training
 */
public record CosineSchedule(float peak, int steps) implements Tracker {
  private static final int WARM_UP_SHARE = 20;

  @Override
  public float getNewValue(int step) {
    int warmUp = steps / WARM_UP_SHARE;
    if (step < warmUp) {
      return peak * (step + 1) / warmUp;
    }
    double progress = Math.min(1, (step - warmUp) / (double) Math.max(1, steps - warmUp));
    return (float) (peak * 0.5 * (1 + Math.cos(Math.PI * progress)));
  }
}
