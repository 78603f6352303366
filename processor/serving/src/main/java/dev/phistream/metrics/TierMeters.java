package dev.phistream.metrics;

import dev.phistream.event.Tier;
import dev.phistream.routing.Route;
import dev.phistream.routing.RoutingListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What each tier does under load, as {@code phistream.tier.*}: {@code in-flight} (events that are
 * taken and not answered), {@code level} (place of its variant in its list, 0 for the first),
 * {@code predicted-wait} and {@code answer} (times), {@code degraded} by cause, {@code cascaded} by
 * who answered, {@code shed}, {@code rejected} (dead letters, by code). Thread-safe.
 */
public final class TierMeters implements RoutingListener {
  private static final String PREFIX = "phistream.tier.";

  private final MeterRegistry registry;
  private final Map<Tier, Meters> tiers = new EnumMap<>(Tier.class);

  private record Meters(
      AtomicInteger inFlight,
      AtomicInteger level,
      Timer predictedWait,
      Timer answer,
      Counter shed) {}

  /** Meters of a registry; every tier's are there from the start. */
  public TierMeters(MeterRegistry registry) {
    this.registry = registry;
    for (Tier tier : Tier.values()) {
      if (tier != Tier.DEFAULT) {
        tiers.put(
            tier,
            new Meters(
                gauge("in-flight", "Events that are taken and not answered", tier),
                gauge("level", "Place of the variant in the tier's list, 0 for the first", tier),
                timer("predicted-wait", "Waiting that was predicted on arrival", tier),
                timer("answer", "Time from arrival to answer", tier),
                Counter.builder(PREFIX + "shed")
                    .description("Events that were shed")
                    .tag("tier", name(tier))
                    .register(registry)));
      }
    }
  }

  @Override
  public void routed(Route route) {
    Meters meters = meters(route.tier());
    meters.inFlight().incrementAndGet();
    meters.predictedWait().record(route.predicted().waiting());
    if (route.degraded() != null) {
      registry
          .counter(
              PREFIX + "degraded",
              "tier",
              name(route.tier()),
              "cause",
              route.degraded().cause().name().toLowerCase(Locale.ROOT))
          .increment();
    }
  }

  @Override
  public void answered(Route route, Duration took) {
    Meters meters = meters(route.tier());
    meters.inFlight().decrementAndGet();
    meters.answer().record(took);
  }

  @Override
  public void cascaded(Tier tier, boolean escalated) {
    registry
        .counter(PREFIX + "cascaded", "tier", name(tier), "answered", escalated ? "large" : "small")
        .increment();
  }

  @Override
  public void dropped(Route route) {
    meters(route.tier()).inFlight().decrementAndGet();
  }

  @Override
  public void shed(Tier tier) {
    meters(tier).shed().increment();
  }

  @Override
  public void rejected(Tier tier, String code) {
    registry.counter(PREFIX + "rejected", "tier", name(tier), "code", code).increment();
  }

  @Override
  public void stepped(Tier tier, int level) {
    meters(tier).level().set(level);
  }

  private Meters meters(Tier tier) {
    Meters meters = tiers.get(tier);
    if (meters == null) {
      throw new IllegalArgumentException("tier: " + tier + " (expected: one that is not default)");
    }
    return meters;
  }

  private AtomicInteger gauge(String name, String description, Tier tier) {
    AtomicInteger value = new AtomicInteger();
    Gauge.builder(PREFIX + name, value, AtomicInteger::get)
        .description(description)
        .tag("tier", name(tier))
        .register(registry);
    return value;
  }

  private Timer timer(String name, String description, Tier tier) {
    return Timer.builder(PREFIX + name)
        .description(description)
        .tag("tier", name(tier))
        .publishPercentiles(0.5, 0.99)
        .register(registry);
  }

  private static String name(Tier tier) {
    return tier.name().toLowerCase(Locale.ROOT);
  }
}
