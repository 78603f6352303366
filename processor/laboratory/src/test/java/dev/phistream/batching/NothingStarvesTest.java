package dev.phistream.batching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.event.Tier;
import dev.phistream.planning.BatchCost;
import dev.phistream.planning.RoutedTraffic;
import dev.phistream.planning.SimulatedEvent;
import dev.phistream.planning.Simulation;
import dev.phistream.routing.TierPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * One tier has more events than the processor can do. The other tiers are still answered within a
 * bounded time, by simulation in virtual time with the real rules.
 */
class NothingStarvesTest {
  private static final double SECONDS = 60;
  private static final int DECODERS = 2;
  private static final long DECODE_NANOS = Duration.ofMillis(10).toNanos();
  private static final double DECODED_PER_SECOND = DECODERS * 1e9 / DECODE_NANOS;
  private static final double OVERLOAD = 1.1;
  private static final Duration LATENCY_OBJECTIVE = Duration.ofMillis(100);

  /** After it has aged, an event waits for eight decodes of each before it, and for its batch. */
  private static final Duration BOUND = Urgency.AGES_AFTER.plus(Duration.ofSeconds(1));

  private final SplittableRandom random = new SplittableRandom(1);
  private final List<SimulatedEvent> events = new ArrayList<>();

  @Test
  void accuracy_events_are_answered_while_latency_events_overload_the_decoders() {
    arrive(Tier.LATENCY, OVERLOAD * DECODED_PER_SECOND);
    arrive(Tier.ACCURACY, 0.05 * DECODED_PER_SECOND);

    List<RoutedTraffic.Outcome> outcomes =
        run((variant, size) -> Duration.ofMillis(variant.equals("large") ? 20 : 2).toNanos());

    assertThat(longest(outcomes, Tier.ACCURACY)).isLessThan(BOUND);
  }

  @Test
  void accuracy_events_are_answered_while_latency_events_overload_the_device() {
    Duration largeBatch = Duration.ofMillis(100);
    arrive(Tier.LATENCY, OVERLOAD * 100);
    arrive(Tier.ACCURACY, 1);

    List<RoutedTraffic.Outcome> outcomes =
        run(
            (variant, size) ->
                variant.equals("large")
                    ? largeBatch.toNanos()
                    : size * Duration.ofMillis(10).toNanos());

    assertThat(longest(outcomes, Tier.ACCURACY))
        .isLessThan(Urgency.AGES_AFTER.plus(largeBatch.multipliedBy(2 * AgeingQueue.AGED_SHARE)));
  }

  @Test
  void latency_events_keep_their_objective_while_accuracy_events_overload_the_decoders() {
    arrive(Tier.LATENCY, 0.3 * DECODED_PER_SECOND);
    arrive(Tier.ACCURACY, OVERLOAD * DECODED_PER_SECOND);

    List<RoutedTraffic.Outcome> outcomes =
        run((variant, size) -> Duration.ofMillis(variant.equals("large") ? 20 : 2).toNanos());

    assertThat(longest(outcomes, Tier.LATENCY)).isLessThan(LATENCY_OBJECTIVE);
  }

  private List<RoutedTraffic.Outcome> run(BatchCost cost) {
    events.sort(Comparator.comparingLong(SimulatedEvent::arrivesNanos));
    Simulation simulation =
        new Simulation(
            /* devices= */ 1,
            DECODERS,
            variant ->
                variant.equals("large")
                    ? new BatchPolicy(8)
                    : new BatchPolicy(8, LATENCY_OBJECTIVE),
            cost);
    TierPolicy latency = new TierPolicy(List.of("small"), Duration.ofMillis(2), LATENCY_OBJECTIVE);
    TierPolicy accuracy = new TierPolicy("large", Duration.ofMillis(50));
    return new RoutedTraffic(
            simulation,
            DECODERS,
            List.of("small", "large"),
            Map.of(Tier.LATENCY, latency, Tier.BALANCED, latency, Tier.ACCURACY, accuracy),
            /* brownout= */ null)
        .run(events);
  }

  private void arrive(Tier tier, double perSecond) {
    double at = 0;
    while ((at += -Math.log(1 - random.nextDouble()) / perSecond) < SECONDS) {
      events.add(
          new SimulatedEvent(
              Math.round(at * 1e9), 0, tier.name(), Duration.ZERO, null, DECODE_NANOS));
    }
  }

  private static Duration longest(List<RoutedTraffic.Outcome> outcomes, Tier tier) {
    return Duration.ofNanos(
        outcomes.stream()
            .filter(outcome -> outcome.event().variant().equals(tier.name()))
            .mapToLong(RoutedTraffic.Outcome::tookNanos)
            .max()
            .orElseThrow());
  }
}
