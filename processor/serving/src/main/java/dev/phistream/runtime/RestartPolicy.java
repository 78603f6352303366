package dev.phistream.runtime;

import dev.phistream.batching.NanoClock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * How often failed stream threads are replaced before the processor gives up, and after what pause:
 * six times within ten minutes without progress, after 0.2, 1, 4, 16, 64 and 256 seconds. So a
 * schema registry may be away for some minutes, and a lasting fault is reported. Failures between
 * which events got their outcomes begin anew, for they cost seconds and not the stream.
 * Thread-safe.
 */
final class RestartPolicy {
  private static final List<Duration> PAUSES =
      List.of(
          Duration.ofMillis(200),
          Duration.ofSeconds(1),
          Duration.ofSeconds(4),
          Duration.ofSeconds(16),
          Duration.ofSeconds(64),
          Duration.ofSeconds(256));
  private static final long WITHIN_NANOS = Duration.ofMinutes(10).toNanos();

  private final NanoClock clock;
  private final Deque<Long> restarts = new ArrayDeque<>();
  private long progress;

  RestartPolicy(NanoClock clock) {
    this.clock = clock;
  }

  /**
   * Returns the pause before the next restart, which is counted; empty when there shall be none.
   *
   * @param outcomes committed so far
   */
  synchronized Optional<Duration> nextPause(long outcomes) {
    long now = clock.nanos();
    if (outcomes > progress) {
      // Not from the very beginning: a fault of each event must not become a busy loop.
      while (restarts.size() > 1) {
        restarts.removeFirst();
      }
      progress = outcomes;
    }
    while (!restarts.isEmpty() && now - restarts.getFirst() > WITHIN_NANOS) {
      restarts.removeFirst();
    }
    if (restarts.size() >= PAUSES.size()) {
      return Optional.empty();
    }
    restarts.addLast(now);
    return Optional.of(PAUSES.get(restarts.size() - 1));
  }
}
