package dev.phistream.topology;

import dev.phistream.event.ImageEvent;
import dev.phistream.event.Tier;
import dev.phistream.routing.Degraded;
import dev.phistream.routing.Router;
import dev.phistream.wire.ErrorCode;
import dev.phistream.wire.UnreadableEventException;
import java.time.Duration;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Routes that a router has chosen and events carry in a header. What is left of an objective counts
 * from the router's clock to this machine's.
 *
 * @param router counts the events
 */
record CarriedRoutes(Router router) implements Routes {
  private static final Duration LEAST_OBJECTIVE = Duration.ofMillis(1);

  @Override
  public PendingEvent original(PendingEvent event) {
    RouteHeader carried = RouteHeader.read(event.headers());
    if (carried == null) {
      return event;
    }
    Headers headers = new RecordHeaders(event.headers());
    headers.remove(HeaderNames.ROUTE);
    return new PendingEvent(
        carried.topic(),
        carried.partition(),
        carried.offset(),
        event.timestamp(),
        event.key(),
        event.value(),
        headers,
        event.failures());
  }

  @Override
  public Tier resolve(Tier requested) {
    return router.resolve(requested);
  }

  @Override
  public Routed route(PendingEvent event, ImageEvent image, @Nullable Duration budget, long now)
      throws UnreadableEventException {
    RouteHeader carried = RouteHeader.read(event.headers());
    if (carried == null) {
      throw new UnreadableEventException(
          ErrorCode.EVENT_INVALID,
          "header %s: none that can be read (expected: an event from a router; send events to topics.input)"
              .formatted(HeaderNames.ROUTE),
          null);
    }
    // Clocks of two machines may disagree; an event has not come before it was sent.
    Duration waited = Duration.ofMillis(Math.max(0, now - carried.arrived()));
    Double objective = carried.objectiveMs();
    return new Routed(
        router.admitRouted(
            carried.tier(),
            carried.variant(),
            left(carried.maxDelayMs(), waited, Duration.ZERO),
            objective == null ? null : left(objective, waited, LEAST_OBJECTIVE),
            carried.degraded() == null
                ? null
                : new Degraded(Degraded.Cause.ROUTER, carried.degraded())),
        waited);
  }

  private static Duration left(double millis, Duration waited, Duration least) {
    Duration left = Duration.ofNanos(Math.round(millis * 1e6)).minus(waited);
    return left.compareTo(least) < 0 ? least : left;
  }
}
