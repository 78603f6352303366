package dev.phistream.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.batching.BatchPolicy;
import dev.phistream.event.Tier;
import dev.phistream.planning.BatchCost;
import dev.phistream.planning.RoutedTraffic;
import dev.phistream.planning.SimulatedEvent;
import dev.phistream.planning.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Router, latency model, scheduler and sizing in virtual time: ten quiet seconds at half of what
 * the largest variant can do, ten with a load, twenty quiet ones. Two devices and decoders; the
 * largest variant does 194 events a second, the smallest 1,777.
 */
class BrownoutSimulationTest {
  private static final Duration OBJECTIVE = Duration.ofMillis(150);
  private static final int CAPACITY = 194;
  private static final long SECOND = 1_000_000_000L;
  private static final List<String> LARGEST_FIRST = List.of("large", "medium", "small");
  private static final BrownoutPolicy BROWNOUT =
      new BrownoutPolicy(Duration.ofSeconds(2), 0.5, 0.01);
  private static final BatchCost COST =
      (variant, size) ->
          switch (variant) {
            case "large" -> ms(2 + 10L * size);
            case "medium" -> ms(2 + 4L * size);
            default -> ms(1 + size);
          };

  @Test
  void a_burst_of_five_times_the_capacity_keeps_the_latency_tiers_p99_within_its_objective() {
    List<RoutedTraffic.Outcome> outcomes = run(LARGEST_FIRST, BROWNOUT, false).run(load(5));

    assertThat(p99(outcomes, second -> second >= 10 && second < 20))
        .isLessThanOrEqualTo(OBJECTIVE.toNanos());
    assertThat(variants(outcomes, second -> second >= 12 && second < 20)).containsOnly("small");
  }

  @Test
  void without_brownout_the_same_burst_makes_answers_late_by_many_seconds() {
    List<RoutedTraffic.Outcome> outcomes = run(LARGEST_FIRST, null, false).run(load(5));

    assertThat(p99(outcomes, second -> second >= 10 && second < 20)).isGreaterThan(10 * SECOND);
  }

  @Test
  void quiet_times_before_and_after_get_the_wanted_variant() {
    List<RoutedTraffic.Outcome> outcomes = run(LARGEST_FIRST, BROWNOUT, false).run(load(5));

    assertThat(variants(outcomes, second -> second < 10)).containsOnly("large");
    assertThat(variants(outcomes, second -> second >= 30)).containsOnly("large");
  }

  @Test
  void a_load_between_two_variants_stays_with_the_smaller_one() {
    List<RoutedTraffic.Outcome> outcomes = run(LARGEST_FIRST, BROWNOUT, false).run(load(1.5));

    List<String> later = variants(outcomes, second -> second >= 15 && second < 20);
    assertThat(later.stream().filter(variant -> variant.equals("large")).count())
        .isLessThan(later.size() / 20);
    assertThat(p99(outcomes, second -> second >= 10 && second < 20))
        .isLessThanOrEqualTo(OBJECTIVE.toNanos());
  }

  @Test
  void shedding_keeps_the_objective_where_no_variant_is_fast_enough() {
    RoutedTraffic traffic = run(List.of("large"), BROWNOUT, true);
    List<SimulatedEvent> load = load(5);

    List<RoutedTraffic.Outcome> outcomes = traffic.run(load);

    assertThat(p99(outcomes, second -> second >= 10 && second < 20))
        .isLessThanOrEqualTo(OBJECTIVE.toNanos());
    assertThat(outcomes.size() + traffic.shed()).isEqualTo(load.size());
    // What a full device can do is answered, and not much less.
    assertThat(variants(outcomes, second -> second >= 10 && second < 20))
        .hasSizeGreaterThan(8 * CAPACITY);
  }

  private static RoutedTraffic run(
      List<String> variants, @Nullable BrownoutPolicy brownout, boolean shed) {
    BatchPolicy batches = new BatchPolicy(8, OBJECTIVE);
    TierPolicy policy = new TierPolicy(variants, Duration.ofMillis(2), OBJECTIVE, shed, null);
    return new RoutedTraffic(
        new Simulation(2, 2, variant -> batches, COST),
        2,
        List.of("small", "medium", "large"),
        Map.of(Tier.LATENCY, policy, Tier.BALANCED, policy, Tier.ACCURACY, policy),
        brownout);
  }

  private static List<SimulatedEvent> load(double times) {
    Random random = new Random(1);
    List<SimulatedEvent> events = new ArrayList<>();
    long now = 0;
    while (now < 40 * SECOND) {
      boolean burst = now >= 10 * SECOND && now < 20 * SECOND;
      double rate = CAPACITY * (burst ? times : 0.5);
      now += (long) (-Math.log(1 - random.nextDouble()) / rate * SECOND);
      events.add(
          new SimulatedEvent(
              now, events.size() % 4, Tier.LATENCY.name(), Duration.ZERO, OBJECTIVE, ms(1)));
    }
    return events;
  }

  private static long p99(List<RoutedTraffic.Outcome> outcomes, LongPredicate seconds) {
    List<Long> times =
        outcomes.stream()
            .filter(outcome -> seconds.test(outcome.event().arrivesNanos() / SECOND))
            .map(RoutedTraffic.Outcome::tookNanos)
            .sorted()
            .toList();
    return times.get(times.size() * 99 / 100);
  }

  private static List<String> variants(
      List<RoutedTraffic.Outcome> outcomes, LongPredicate seconds) {
    return outcomes.stream()
        .filter(outcome -> seconds.test(outcome.event().arrivesNanos() / SECOND))
        .map(outcome -> outcome.route().variant())
        .toList();
  }

  private static long ms(long millis) {
    return Duration.ofMillis(millis).toNanos();
  }
}
