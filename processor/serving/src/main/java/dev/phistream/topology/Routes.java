package dev.phistream.topology;

import dev.phistream.event.ImageEvent;
import dev.phistream.event.Tier;
import dev.phistream.routing.Admission;
import dev.phistream.routing.Route;
import dev.phistream.routing.ShedException;
import dev.phistream.routing.UnknownVariantException;
import dev.phistream.wire.UnreadableEventException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Says how events are routed: by a decision taken here, or by one that a router has taken.
 * Thread-safe.
 */
interface Routes {
  /**
   * How an event goes on.
   *
   * @param admission its token, whose route has the times that are left from now on
   * @param waited how long ago it came, before it came here
   */
  record Routed(Admission admission, Duration waited) {
    Route route() {
      return admission.route();
    }
  }

  /** The event as it stands in the input topic, of which results and dead letters tell. */
  PendingEvent original(PendingEvent event);

  /** The tier that {@code requested} stands for, where there is no route to say it. */
  Tier resolve(Tier requested);

  /**
   * Routes.
   *
   * @param event as it stands here
   * @param image what its value says
   * @param budget time within which the answer is wanted, or null
   * @param now by this machine's clock, milliseconds since the epoch
   * @throws UnknownVariantException when the event names a variant that is not served
   * @throws ShedException when the event's tier sheds it
   * @throws UnreadableEventException when nothing says how it was routed
   */
  Routed route(PendingEvent event, ImageEvent image, @Nullable Duration budget, long now)
      throws UnknownVariantException, ShedException, UnreadableEventException;
}
