package dev.phistream.latency;

import java.time.Duration;

/** Is told how well predictions came true; called on any thread. */
@FunctionalInterface
public interface PredictionListener {
  /**
   * An event was answered.
   *
   * @param predicted from arrival to answer, when it arrived
   * @param actual what it took
   */
  void answered(String variant, Duration predicted, Duration actual);
}
