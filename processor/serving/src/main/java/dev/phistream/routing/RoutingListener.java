package dev.phistream.routing;

import dev.phistream.event.Tier;
import java.time.Duration;

/** Is told what becomes of events, tier by tier; called on any thread. */
public interface RoutingListener {
  /** Hears nothing. */
  RoutingListener NONE = new RoutingListener() {};

  /** An event goes to a variant. */
  default void routed(Route route) {}

  /** An event that was routed was answered, so long after its arrival. */
  default void answered(Route route, Duration took) {}

  /** A cascade's event was answered, by the large variant or not. */
  default void cascaded(Tier tier, boolean escalated) {}

  /** An event that was routed will not be answered here. */
  default void dropped(Route route) {}

  /** An event is shed. */
  default void shed(Tier tier) {}

  /** An event became a dead letter, for whatever reason. */
  default void rejected(Tier tier, String code) {}

  /**
   * A tier stepped to another variant.
   *
   * @param level its place in the tier's list
   */
  default void stepped(Tier tier, int level) {}
}
