package dev.phistream.routing;

import dev.phistream.event.Tier;
import dev.phistream.latency.Prediction;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where an event goes.
 *
 * @param tier the tier that was asked for, never {@link Tier#DEFAULT}
 * @param variant the variant that shall answer
 * @param maxDelay how long the event may wait for its micro-batch to fill
 * @param objective within what time of its arrival the answer is wanted, or null
 * @param predicted what the answer is expected to take
 * @param degraded why a smaller variant than the wanted one was taken, or null
 * @param choice what decided
 * @param cascade who may answer in place of the variant, or null
 * @param load how busy the tier was
 */
public record Route(
    Tier tier,
    String variant,
    Duration maxDelay,
    @Nullable Duration objective,
    Prediction predicted,
    @Nullable Degraded degraded,
    Choice choice,
    @Nullable CascadePolicy cascade,
    Load load) {
  /** What decided, the first that an event has. */
  public enum Choice {
    /** The event names the variant. */
    VARIANT,
    /** The event has a latency budget. */
    BUDGET,
    /** The event's tier, or the default one. */
    TIER
  }

  Route with(Load another) {
    return new Route(
        tier, variant, maxDelay, objective, predicted, degraded, choice, cascade, another);
  }
}
