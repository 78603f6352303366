package dev.phistream.runtime;

import dev.phistream.batching.NanoClock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How often failed stream threads are replaced before the processor gives up: three times within
 * ten minutes, so that a passing fault heals and a lasting one is reported. Thread-safe.
 */
final class RestartPolicy {
  private static final int MOST = 3;
  private static final long WITHIN_NANOS = Duration.ofMinutes(10).toNanos();

  private final NanoClock clock;
  private final Deque<Long> restarts = new ArrayDeque<>();

  RestartPolicy(NanoClock clock) {
    this.clock = clock;
  }

  /** Whether one more restart is allowed; counts it if so. */
  synchronized boolean mayRestart() {
    long now = clock.nanos();
    while (!restarts.isEmpty() && now - restarts.getFirst() > WITHIN_NANOS) {
      restarts.removeFirst();
    }
    if (restarts.size() >= MOST) {
      return false;
    }
    restarts.addLast(now);
    return true;
  }
}
