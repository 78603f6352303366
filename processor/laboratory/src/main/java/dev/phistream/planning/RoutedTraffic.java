package dev.phistream.planning;

import dev.phistream.event.Tier;
import dev.phistream.latency.LatencyModel;
import dev.phistream.routing.Admission;
import dev.phistream.routing.BrownoutPolicy;
import dev.phistream.routing.LoadControl;
import dev.phistream.routing.Route;
import dev.phistream.routing.Router;
import dev.phistream.routing.RoutingListener;
import dev.phistream.routing.ShedException;
import dev.phistream.routing.TierPolicy;
import dev.phistream.routing.UnknownVariantException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The real router and the real latency model in a simulation. The variant of a simulated event is
 * the name of its tier.
 */
public final class RoutedTraffic implements SimulationListener {
  /**
   * What became of an event.
   *
   * @param event as it came
   * @param route where it went
   * @param tookNanos from its arrival in the processor to its answer
   * @param sinceTopicNanos from its arrival on the topic to its answer
   * @param decodeNanos of it, being decoded
   * @param batch that it was in
   */
  public record Outcome(
      SimulatedEvent event,
      Route route,
      long tookNanos,
      long sinceTopicNanos,
      long decodeNanos,
      SimulatedBatch batch) {}

  private static final class UnderWay {
    private final SimulatedEvent asked;
    private final Admission admission;
    private final LatencyModel.Flight flight;
    private long decodeNanos;

    UnderWay(SimulatedEvent asked, Admission admission, LatencyModel.Flight flight) {
      this.asked = asked;
      this.admission = admission;
      this.flight = flight;
    }
  }

  private final Simulation simulation;
  private final LatencyModel latency;
  private final Router router;
  private final IdentityHashMap<SimulatedEvent, UnderWay> underWay = new IdentityHashMap<>();
  private Consumer<Outcome> whenAnswered = outcome -> {};
  private Consumer<SimulatedEvent> whenShed = event -> {};
  private int shed;

  /**
   * Puts them into a simulation.
   *
   * @param decoders of the simulation
   * @param variants fastest first
   * @param tiers a policy for each of LATENCY, BALANCED and ACCURACY
   * @param brownout when tiers step down, or null for never
   */
  public RoutedTraffic(
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
            latency,
            new LoadControl(brownout, simulation::nanos, RoutingListener.NONE));
  }

  /** Lets the events happen; the answered ones in the order of their answers. */
  public List<Outcome> run(List<SimulatedEvent> events) {
    List<Outcome> answered = new ArrayList<>();
    play(events.iterator(), answered::add, event -> {});
    return List.copyOf(answered);
  }

  /**
   * Lets the events happen, however many.
   *
   * @param events in the order in which they arrive
   */
  public void play(
      Iterator<SimulatedEvent> events,
      Consumer<Outcome> whenAnswered,
      Consumer<SimulatedEvent> whenShed) {
    this.whenAnswered = whenAnswered;
    this.whenShed = whenShed;
    simulation.play(events, batch -> {});
  }

  /** Events that were shed. */
  public int shed() {
    return shed;
  }

  @Override
  public @Nullable SimulatedEvent arrived(SimulatedEvent event) {
    try {
      Admission admission = router.admit(Tier.valueOf(event.variant()), null, null);
      Route route = admission.route();
      SimulatedEvent routed =
          new SimulatedEvent(
              simulation.nanos(),
              event.partition(),
              route.variant(),
              route.maxDelay(),
              route.objective(),
              event.decodeNanos());
      underWay.put(
          routed,
          new UnderWay(event, admission, latency.arrive(route.variant(), route.objective())));
      return routed;
    } catch (ShedException e) {
      shed++;
      whenShed.accept(event);
      return null;
    } catch (UnknownVariantException e) {
      throw new IllegalStateException("no event names a variant", e);
    }
  }

  @Override
  public void decoded(SimulatedEvent event, long tookNanos) {
    UnderWay decoded = find(event);
    decoded.decodeNanos = tookNanos;
    decoded.flight.decoded(Duration.ofNanos(tookNanos));
  }

  @Override
  public void answered(SimulatedEvent event, SimulatedBatch batch) {
    UnderWay done = find(event);
    underWay.remove(event);
    long took = simulation.nanos() - event.arrivesNanos();
    done.flight.answered(Duration.ofNanos(took));
    done.admission.answered(Duration.ofNanos(took));
    whenAnswered.accept(
        new Outcome(
            done.asked,
            done.admission.route(),
            took,
            simulation.nanos() - done.asked.arrivesNanos(),
            done.decodeNanos,
            batch));
  }

  private UnderWay find(SimulatedEvent event) {
    return Objects.requireNonNull(underWay.get(event), "an event that did not arrive");
  }
}
