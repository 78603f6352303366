package dev.phistream.runtime;

import dev.phistream.batching.NanoClock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * How often failed stream threads are replaced before the processor gives up, and after what pause:
 * five times within ten minutes, after 1, 4, 16, 64 and 256 seconds. So a schema registry may be
 * away for some minutes, and a lasting fault is reported. Thread-safe.
 */
final class RestartPolicy {
  private static final int MOST = 5;
  private static final long WITHIN_NANOS = Duration.ofMinutes(10).toNanos();

  private final NanoClock clock;
  private final Deque<Long> restarts = new ArrayDeque<>();

  RestartPolicy(NanoClock clock) {
    this.clock = clock;
  }

  /** The pause before the next restart, which is counted; empty when there shall be none. */
  synchronized Optional<Duration> nextPause() {
    long now = clock.nanos();
    while (!restarts.isEmpty() && now - restarts.getFirst() > WITHIN_NANOS) {
      restarts.removeFirst();
    }
    if (restarts.size() >= MOST) {
      return Optional.empty();
    }
    restarts.addLast(now);
    return Optional.of(Duration.ofSeconds(1L << (2 * (restarts.size() - 1))));
  }
}
