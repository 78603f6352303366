package dev.phistream.topology;

import dev.phistream.event.ImageEvent;
import dev.phistream.event.Tier;
import dev.phistream.routing.Router;
import dev.phistream.routing.ShedException;
import dev.phistream.routing.UnknownVariantException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Routes by a decision taken here. */
record OwnRoutes(Router router) implements Routes {
  @Override
  public PendingEvent original(PendingEvent event) {
    return event;
  }

  @Override
  public Tier resolve(Tier requested) {
    return router.resolve(requested);
  }

  @Override
  public Routed route(PendingEvent event, ImageEvent image, @Nullable Duration budget, long now)
      throws UnknownVariantException, ShedException {
    return new Routed(router.admit(image.getTier(), image.getVariant(), budget), Duration.ZERO);
  }
}
