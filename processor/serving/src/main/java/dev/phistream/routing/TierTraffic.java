package dev.phistream.routing;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What a tier is doing: its events in flight, its recent work, its brownout. Thread-safe. */
final class TierTraffic {
  private static final double WEIGHT_OF_NEWEST = 0.02;

  private final TierPolicy policy;
  private final @Nullable Brownout brownout;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final LongAdder degraded = new LongAdder();
  private final LongAdder rejected = new LongAdder();
  private double escalated = 0.5;
  private final long windowNanos;

  /** Nanoseconds of all devices together. */
  private final SlidingSum work;

  /** The part of it for which the tier chose the variant. */
  private final SlidingSum ownWork;

  private final SlidingSum ownEvents;

  /**
   * Creates that of a tier that has had no events.
   *
   * @param brownout when to step, or null for never
   */
  TierTraffic(TierPolicy policy, @Nullable BrownoutPolicy brownout) {
    this.policy = policy;
    Duration objective = policy.objective();
    this.brownout =
        brownout == null || objective == null || policy.variants().size() == 1
            ? null
            : new Brownout(brownout, objective, policy.variants().size());
    this.windowNanos = brownout == null ? 1 : brownout.period().toNanos();
    this.work = new SlidingSum(windowNanos);
    this.ownWork = new SlidingSum(windowNanos);
    this.ownEvents = new SlidingSum(windowNanos);
  }

  TierPolicy policy() {
    return policy;
  }

  @Nullable Brownout brownout() {
    return brownout;
  }

  int inFlight() {
    return inFlight.get();
  }

  /** An event goes on its way; the route with what it met. */
  Route arrive(Route route, long deviceTime, long nowNanos) {
    if (route.degraded() != null) {
      degraded.increment();
    }
    int before = inFlight.getAndIncrement();
    work.add(nowNanos, deviceTime);
    if (route.choice() == Route.Choice.TIER) {
      ownWork.add(nowNanos, deviceTime);
      ownEvents.add(nowNanos, 1);
    }
    return route.with(new Load(before, degraded.sum(), rejected.sum()));
  }

  /** An event has come to its end. */
  void leave() {
    inFlight.decrementAndGet();
  }

  /** A cascade has answered an event. */
  synchronized void cascaded(boolean byLarge) {
    escalated += WEIGHT_OF_NEWEST * ((byLarge ? 1 : 0) - escalated);
  }

  /** Part of the cascade's events that the large variant answers. */
  synchronized double escalated() {
    return escalated;
  }

  /** An event became a dead letter. */
  void reject() {
    rejected.increment();
  }

  /** Part of the devices' time that the recent events took; 1 is all of it. */
  double load(long nowNanos) {
    return (double) work.sum(nowNanos) / windowNanos;
  }

  /** The same if the tier's variant were one of which an event takes so much. */
  double loadWith(long deviceTime, long nowNanos) {
    long others = work.sum(nowNanos) - ownWork.sum(nowNanos);
    return (double) (others + ownEvents.sum(nowNanos) * deviceTime) / windowNanos;
  }

  /** Whether its events go before those of another tier, or among them. */
  boolean isAsUrgentAs(TierTraffic other) {
    Duration own = policy.objective();
    Duration others = other.policy.objective();
    return others == null || (own != null && own.compareTo(others) <= 0);
  }
}
