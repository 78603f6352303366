package dev.phistream.topology;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When a stream thread should commit before its interval has passed, so that results are seen:
 * those for which somebody waits at most a quarter of their objective after they were sent, and
 * those after which nothing else is in flight. A result that comes alone asks for a commit at once.
 * One for all tasks of a thread, because they commit together; confined to that thread.
 */
final class UrgentCommits {
  private static final int PART_OF_OBJECTIVE = 4;

  /** A commit takes some milliseconds, and the ledger is written at each. */
  private static final long LEAST_MILLIS = 20;

  /** So far apart are the commits of a task that has nothing else to do now and then. */
  private static final long IDLE_MILLIS = 250;

  private static final long NOTHING = Long.MAX_VALUE;

  private long wantedWithinMillis = NOTHING;
  private @Nullable Long lastMillis;

  /** Notes that a result was sent. */
  void sent(@Nullable Duration objective) {
    if (objective != null) {
      wantedWithinMillis =
          Math.min(
              wantedWithinMillis, Math.max(LEAST_MILLIS, objective.toMillis() / PART_OF_OBJECTIVE));
    }
  }

  /** Notes that a task has sent results since it last said so, and has nothing in flight. */
  void idle() {
    wantedWithinMillis = Math.min(wantedWithinMillis, IDLE_MILLIS);
  }

  /** Whether to commit now; if so, the results that were sent are as good as committed. */
  boolean take(long nowMillis) {
    // By the distance, for clocks are also set back.
    if (wantedWithinMillis == NOTHING
        || (lastMillis != null && Math.abs(nowMillis - lastMillis) < wantedWithinMillis)) {
      return false;
    }
    lastMillis = nowMillis;
    wantedWithinMillis = NOTHING;
    return true;
  }
}
