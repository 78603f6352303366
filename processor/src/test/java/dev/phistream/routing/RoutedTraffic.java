package dev.phistream.routing;

import dev.phistream.event.Tier;
import dev.phistream.latency.LatencyModel;
import dev.phistream.latency.Prediction;
import dev.phistream.testkit.simulation.SimulatedEvent;
import dev.phistream.testkit.simulation.Simulation;
import dev.phistream.testkit.simulation.Steering;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The real router and the real latency model in a simulation. The variant of a simulated event is
 * the name of its tier.
 */
final class RoutedTraffic implements Steering {
  /** What became of an event. */
  record Outcome(SimulatedEvent event, Route route, long tookNanos) {}

  private record UnderWay(Route route, LatencyModel.Flight flight) {}

  private final Simulation simulation;
  private final LatencyModel latency;
  private final Router router;
  private final IdentityHashMap<SimulatedEvent, UnderWay> underWay = new IdentityHashMap<>();
  private final List<Outcome> answered = new ArrayList<>();
  private int shed;

  /**
   * Puts them into a simulation.
   *
   * @param variants fastest first
   */
  RoutedTraffic(
      Simulation simulation,
      int decoders,
      List<String> variants,
      Map<Tier, TierPolicy> tiers,
      @Nullable BrownoutPolicy brownout) {
    this.simulation = simulation.steeredBy(this);
    this.latency = new LatencyModel(simulation.forecast(), decoders, (v, said, took) -> {});
    this.router =
        new Router(
            variants,
            tiers,
            Tier.LATENCY,
            new LatencyEstimates() {
              @Override
              public Prediction predict(String variant, @Nullable Duration objective) {
                return latency.predict(variant, objective);
              }

              @Override
              public Duration share(String variant) {
                return latency.share(variant);
              }
            },
            new LoadControl(brownout, simulation::nanos, RoutingListener.NONE));
  }

  /** The answered events in the order of their answers. */
  List<Outcome> run(List<SimulatedEvent> events) {
    var unused = simulation.run(events);
    return List.copyOf(answered);
  }

  int shed() {
    return shed;
  }

  @Override
  public @Nullable SimulatedEvent arrived(SimulatedEvent event) {
    try {
      Route route = router.route(Tier.valueOf(event.variant()), null, null);
      SimulatedEvent routed =
          new SimulatedEvent(
              event.arrivesNanos(),
              event.partition(),
              route.variant(),
              route.maxDelay(),
              route.objective(),
              event.decodeNanos());
      underWay.put(routed, new UnderWay(route, latency.arrive(route.variant(), route.objective())));
      return routed;
    } catch (ShedException e) {
      shed++;
      return null;
    } catch (UnknownVariantException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void decoded(SimulatedEvent event) {
    find(event).flight().decoded(Duration.ofNanos(event.decodeNanos()));
  }

  @Override
  public void answered(SimulatedEvent event) {
    UnderWay done = find(event);
    underWay.remove(event);
    Duration took = Duration.ofNanos(simulation.nanos() - event.arrivesNanos());
    done.flight().answered(took);
    router.answered(done.route(), took);
    answered.add(new Outcome(event, done.route(), took.toNanos()));
  }

  private UnderWay find(SimulatedEvent event) {
    return Objects.requireNonNull(underWay.get(event), "an event that did not arrive");
  }
}
