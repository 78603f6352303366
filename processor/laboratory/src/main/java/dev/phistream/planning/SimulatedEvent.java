package dev.phistream.planning;

import dev.phistream.batching.Urgency;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An event that will arrive.
 *
 * @param arrivesNanos when
 * @param partition where from
 * @param variant which variant answers it
 * @param maxDelay how long its micro-batch may stay open
 * @param objective within what time the answer is wanted, or null
 * @param decodeNanos what decoding takes
 */
public record SimulatedEvent(
    long arrivesNanos,
    int partition,
    String variant,
    Duration maxDelay,
    @Nullable Duration objective,
    long decodeNanos) {
  /** Its urgency. */
  public Urgency urgency() {
    return Urgency.of(arrivesNanos, maxDelay, objective);
  }
}
