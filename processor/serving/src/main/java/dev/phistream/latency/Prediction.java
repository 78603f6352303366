package dev.phistream.latency;

import java.time.Duration;

/**
 * What answering one more event is expected to take.
 *
 * @param waiting behind what is in flight already
 * @param compute decoding and its own micro-batch
 */
public record Prediction(Duration waiting, Duration compute) {
  /** Where nothing is known. */
  public static final Prediction NONE = new Prediction(Duration.ZERO, Duration.ZERO);

  /** From arrival to answer. */
  public Duration total() {
    return waiting.plus(compute);
  }
}
