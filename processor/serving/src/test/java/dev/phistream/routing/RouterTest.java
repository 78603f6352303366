package dev.phistream.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phistream.event.Tier;
import dev.phistream.latency.Prediction;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RouterTest {
  private static final Map<Tier, TierPolicy> TIERS =
      Map.of(
          Tier.LATENCY, new TierPolicy("b0", Duration.ofMillis(2)),
          Tier.BALANCED, new TierPolicy("b2", Duration.ofMillis(10)),
          Tier.ACCURACY, new TierPolicy("b4", Duration.ofMillis(50)));
  private static final Map<String, Long> ESTIMATED_MS = Map.of("b0", 10L, "b2", 30L, "b4", 100L);

  private final Router router =
      new Router(
          List.of("b0", "b2", "b4"),
          TIERS,
          Tier.BALANCED,
          (variant, objective) -> predicted(variant));

  @Test
  void a_tier_takes_its_variant() throws Exception {
    assertThat(route(router, Tier.ACCURACY, null, null))
        .isEqualTo(
            new Route(
                Tier.ACCURACY,
                "b4",
                Duration.ofMillis(50),
                null,
                predicted("b4"),
                null,
                Route.Choice.TIER,
                null,
                Load.NONE));
  }

  @Test
  void no_tier_means_the_default_tier() throws Exception {
    assertThat(route(router, Tier.DEFAULT, null, null))
        .isEqualTo(
            new Route(
                Tier.BALANCED,
                "b2",
                Duration.ofMillis(10),
                null,
                predicted("b2"),
                null,
                Route.Choice.TIER,
                null,
                Load.NONE));
  }

  @Test
  void an_explicit_variant_overrules_budget_and_tier() throws Exception {
    assertThat(route(router, Tier.LATENCY, "b4", Duration.ofMillis(1)))
        .isEqualTo(
            new Route(
                Tier.LATENCY,
                "b4",
                Duration.ofMillis(2),
                Duration.ofMillis(1),
                predicted("b4"),
                null,
                Route.Choice.VARIANT,
                null,
                Load.NONE));
  }

  @Test
  void a_budget_takes_the_most_accurate_variant_that_fits() throws Exception {
    assertThat(route(router, Tier.LATENCY, null, Duration.ofMillis(99)).variant()).isEqualTo("b2");
  }

  @Test
  void a_budget_never_waits_longer_than_it_can_spare() throws Exception {
    assertThat(route(router, Tier.BALANCED, null, Duration.ofMillis(33)).maxDelay())
        .isEqualTo(Duration.ofMillis(3));
  }

  @Test
  void a_budget_is_the_events_objective_and_else_the_tiers_is() throws Exception {
    Map<Tier, TierPolicy> tiers = new EnumMap<>(TIERS);
    tiers.put(
        Tier.LATENCY, new TierPolicy(List.of("b0"), Duration.ofMillis(2), Duration.ofMillis(100)));
    Router strict =
        new Router(List.of("b0", "b2", "b4"), tiers, Tier.LATENCY, (v, o) -> Prediction.NONE);

    assertThat(route(strict, Tier.LATENCY, null, null).objective())
        .isEqualTo(Duration.ofMillis(100));
    assertThat(route(strict, Tier.LATENCY, null, Duration.ofMillis(33)).objective())
        .isEqualTo(Duration.ofMillis(33));
    assertThat(route(strict, Tier.ACCURACY, null, null).objective()).isNull();
  }

  @Test
  void a_budget_that_nothing_fits_takes_the_fastest_and_says_so() throws Exception {
    Route route = route(router, Tier.ACCURACY, null, Duration.ofMillis(9));

    assertThat(route.variant()).isEqualTo("b0");
    assertThat(route.degraded())
        .isEqualTo(
            new Degraded(
                Degraded.Cause.BUDGET,
                "latency budget of 9 ms: no variant fits, b0 would take 10 ms"));
  }

  @Test
  void the_queue_counts_against_a_budget_as_computing_does() throws Exception {
    Router busy =
        new Router(
            List.of("b0", "b2", "b4"),
            TIERS,
            Tier.BALANCED,
            (variant, objective) ->
                new Prediction(
                    Duration.ofMillis(objective == null ? 0 : 2 * objective.toMillis() / 3),
                    predicted(variant).compute()));

    assertThat(route(busy, Tier.BALANCED, null, Duration.ofMillis(99)).variant()).isEqualTo("b2");
    assertThat(route(busy, Tier.BALANCED, null, Duration.ofMillis(81)).variant()).isEqualTo("b0");
  }

  @Test
  void a_tier_that_would_be_late_takes_its_next_variant_and_says_why() throws Exception {
    Router late = late(false);

    Route route = route(late, Tier.LATENCY, null, null);

    assertThat(route.variant()).isEqualTo("b2");
    assertThat(route.degraded())
        .isEqualTo(
            new Degraded(
                Degraded.Cause.BROWNOUT,
                "brownout of tier latency: b2 instead of b4 (60 ms of waiting predicted, objective"
                    + " 100 ms)"));
  }

  @Test
  void variants_and_budgets_of_events_are_neither_browned_out_nor_shed() throws Exception {
    Router late = late(true);
    var unused = route(late, Tier.LATENCY, null, null);

    assertThat(route(late, Tier.LATENCY, "b4", null).variant()).isEqualTo("b4");
    assertThat(route(late, Tier.LATENCY, null, Duration.ofMillis(100)).degraded()).isNull();
    assertThatThrownBy(() -> route(late, Tier.LATENCY, null, null))
        .isInstanceOf(ShedException.class);
  }

  @Test
  void the_first_event_in_flight_is_never_shed() throws Exception {
    Router late = late(true);

    late.admit(Tier.LATENCY, null, null).abandoned();

    assertThat(route(late, Tier.LATENCY, null, null).variant()).isEqualTo("b2");
  }

  /** Its latency tier would wait for 60 ms of 100; shedding, for all of them. */
  private static Router late(boolean shed) {
    Map<Tier, TierPolicy> tiers = new EnumMap<>(TIERS);
    tiers.put(
        Tier.LATENCY,
        new TierPolicy(
            List.of("b4", "b2", "b0"), Duration.ofMillis(2), Duration.ofMillis(100), shed, null));
    return new Router(
        List.of("b0", "b2", "b4"),
        tiers,
        Tier.LATENCY,
        (variant, objective) -> new Prediction(Duration.ofMillis(shed ? 100 : 60), Duration.ZERO),
        new LoadControl(
            new BrownoutPolicy(Duration.ofSeconds(1), 0.5, 0.01), () -> 0, RoutingListener.NONE));
  }

  @Test
  void a_route_says_how_busy_its_tier_is_and_what_it_cost_events_before() throws Exception {
    Admission first = router.admit(Tier.LATENCY, null, null);
    var unused = route(router, Tier.LATENCY, null, Duration.ofMillis(9));
    router.deadLettered(Tier.LATENCY, "image-truncated");
    var other = route(router, Tier.ACCURACY, null, null);
    first.answered(Duration.ofMillis(10));

    assertThat(first.route().load()).isEqualTo(Load.NONE);
    assertThat(other.load()).isEqualTo(Load.NONE);
    assertThat(route(router, Tier.LATENCY, null, null).load()).isEqualTo(new Load(1, 1, 1));
  }

  @Test
  void a_cascade_is_for_events_for_which_the_tier_decides() throws Exception {
    CascadePolicy cascade = new CascadePolicy("b0", 1.2, 0.9);
    Router cascading = cascading(cascade);

    Route route = route(cascading, Tier.ACCURACY, null, null);

    assertThat(route.variant()).isEqualTo("b4");
    assertThat(route.cascade()).isEqualTo(cascade);
    assertThat(route.predicted().compute()).isEqualTo(Duration.ofMillis(110)); // at worst
    assertThat(route(cascading, Tier.ACCURACY, "b4", null).cascade()).isNull();
    assertThat(route(cascading, Tier.ACCURACY, null, Duration.ofMillis(500)).cascade()).isNull();
    assertThat(route(cascading, Tier.LATENCY, null, null).cascade()).isNull();
  }

  @Test
  void a_cascades_small_variant_must_be_served_and_faster_than_the_tiers() {
    assertThatThrownBy(() -> cascading(new CascadePolicy("b9", 1, 0.9)))
        .hasMessageContaining("variant b9 is not served");
    assertThatThrownBy(() -> cascading(new CascadePolicy("b4", 1, 0.9)))
        .hasMessageContaining("cascade.small: b4 (expected: a faster variant than b4");
  }

  private static Router cascading(CascadePolicy cascade) {
    Map<Tier, TierPolicy> tiers = new EnumMap<>(TIERS);
    tiers.put(
        Tier.ACCURACY, new TierPolicy(List.of("b4"), Duration.ofMillis(50), null, false, cascade));
    return new Router(
        List.of("b0", "b2", "b4"),
        tiers,
        Tier.BALANCED,
        (variant, objective) -> predicted(variant));
  }

  @Test
  void an_unknown_variant_is_refused_by_name() {
    assertThatThrownBy(() -> route(router, Tier.LATENCY, "b9", null))
        .isInstanceOf(UnknownVariantException.class)
        .hasMessageStartingWith("variant: b9 (expected: one of b0, b2, b4)");
  }

  @Test
  void a_tier_cannot_name_a_variant_that_is_not_served() {
    assertThatThrownBy(
            () -> new Router(List.of("b0"), TIERS, Tier.LATENCY, (v, o) -> Prediction.NONE))
        .hasMessageContaining("is not served (expected: one of b0)");
  }

  private static Prediction predicted(String variant) {
    return new Prediction(Duration.ZERO, Duration.ofMillis(ESTIMATED_MS.getOrDefault(variant, 0L)));
  }

  private static Route route(
      Router router, Tier tier, @Nullable String variant, @Nullable Duration budget)
      throws UnknownVariantException, ShedException {
    return router.admit(tier, variant, budget).route();
  }
}
