package dev.phistream.routing;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a router does about load, and whom it tells.
 *
 * @param brownout when tiers step down, or null for never
 * @param nanos the time, from any origin
 * @param listener is told what becomes of events
 */
public record LoadControl(
    @Nullable BrownoutPolicy brownout, LongSupplier nanos, RoutingListener listener) {
  /** Nothing, and nobody. */
  public static final LoadControl NONE =
      new LoadControl(null, System::nanoTime, RoutingListener.NONE);
}
