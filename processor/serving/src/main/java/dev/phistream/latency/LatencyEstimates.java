package dev.phistream.latency;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Estimates how long an event would take if it arrived now. */
@FunctionalInterface
public interface LatencyEstimates {
  /**
   * Expected time from arrival to answer for one more event.
   *
   * @param objective within what time its answer is wanted, or null: what decides who goes first
   */
  Prediction predict(String variant, @Nullable Duration objective);

  /** What each event takes of all devices together when there are many; zero if unknown. */
  default Duration share(String variant) {
    return Duration.ZERO;
  }
}
