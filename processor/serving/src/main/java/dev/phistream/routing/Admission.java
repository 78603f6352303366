package dev.phistream.routing;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The token of an event that a router let in. It ends exactly once: answered, dead-lettered or
 * abandoned; a second end does nothing. All that counts events in flight hangs on it. Thread-safe.
 */
public final class Admission {
  private final Router router;
  private final Route route;
  private final AtomicBoolean ended = new AtomicBoolean();

  Admission(Router router, Route route) {
    this.router = router;
    this.route = route;
  }

  /** Where the event goes. */
  public Route route() {
    return route;
  }

  /** The event was answered, so long after its arrival. */
  public void answered(Duration took) {
    if (end()) {
      router.answered(route, took);
    }
  }

  /**
   * The event was answered by a cascade.
   *
   * @param escalated whether the larger variant answered
   */
  public void answered(Duration took, boolean escalated) {
    if (end()) {
      router.answered(route, took);
      router.cascaded(route, escalated);
    }
  }

  /** The event became a dead letter. */
  public void deadLettered(String code) {
    if (end()) {
      router.dropped(route);
      router.deadLettered(route.tier(), code);
    }
  }

  /** The event is answered elsewhere, or later by another owner of its task. */
  public void abandoned() {
    if (end()) {
      router.dropped(route);
    }
  }

  private boolean end() {
    return ended.compareAndSet(false, true);
  }
}
