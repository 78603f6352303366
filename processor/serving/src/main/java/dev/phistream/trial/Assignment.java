package dev.phistream.trial;

import org.jspecify.annotations.Nullable;

/**
 * Which models an event gets.
 *
 * @param answering what the model is asked by that answers: a variant or a trial's slot
 * @param trial the trial that the event takes part in, or null
 * @param compared what the model is asked by that is asked for comparison, or null
 */
public record Assignment(String answering, @Nullable Trial trial, @Nullable String compared) {
  /** Whether a canary answers. */
  public boolean isCanary() {
    return trial != null && answering.equals(trial.slot());
  }
}
