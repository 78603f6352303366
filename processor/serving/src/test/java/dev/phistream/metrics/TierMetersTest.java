package dev.phistream.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.event.Tier;
import dev.phistream.latency.Prediction;
import dev.phistream.routing.Degraded;
import dev.phistream.routing.Load;
import dev.phistream.routing.Route;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TierMetersTest {
  private static final Route BROWNED_OUT =
      new Route(
          Tier.LATENCY,
          "b0",
          Duration.ZERO,
          Duration.ofMillis(100),
          new Prediction(Duration.ofMillis(60), Duration.ofMillis(5)),
          new Degraded(Degraded.Cause.BROWNOUT, "busy"),
          Route.Choice.TIER,
          null,
          Load.NONE);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final TierMeters meters = new TierMeters(registry);

  @Test
  void events_are_in_flight_from_their_route_to_their_end() {
    meters.routed(BROWNED_OUT);
    meters.routed(BROWNED_OUT);
    meters.routed(BROWNED_OUT);
    assertThat(gauge("in-flight")).isEqualTo(3);

    meters.answered(BROWNED_OUT, Duration.ofMillis(70));
    meters.dropped(BROWNED_OUT);

    assertThat(gauge("in-flight")).isEqualTo(1);
    assertThat(
            registry
                .get("phistream.tier.answer")
                .tag("tier", "latency")
                .timer()
                .max(TimeUnit.MILLISECONDS))
        .isEqualTo(70);
  }

  @Test
  void what_was_degraded_shed_or_rejected_is_counted_by_tier_and_reason() {
    meters.routed(BROWNED_OUT);
    meters.shed(Tier.LATENCY);
    meters.rejected(Tier.LATENCY, "overloaded");
    meters.rejected(Tier.LATENCY, "image-truncated");
    meters.stepped(Tier.LATENCY, 1);

    assertThat(counter("degraded", "cause", "brownout")).isEqualTo(1);
    assertThat(counter("shed", "tier", "latency")).isEqualTo(1);
    assertThat(counter("rejected", "code", "overloaded")).isEqualTo(1);
    assertThat(counter("rejected", "code", "image-truncated")).isEqualTo(1);
    assertThat(gauge("level")).isEqualTo(1);
  }

  private double gauge(String name) {
    return registry.get("phistream.tier." + name).tag("tier", "latency").gauge().value();
  }

  private double counter(String name, String tag, String value) {
    return registry
        .get("phistream.tier." + name)
        .tags("tier", "latency", tag, value)
        .counter()
        .count();
  }
}
