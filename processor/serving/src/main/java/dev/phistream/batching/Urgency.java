package dev.phistream.batching;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When an item should start and when its answer is wanted, on the batcher's clock. Values compare
 * by difference only.
 *
 * @param dueNanos how long its micro-batch may stay open for others
 * @param deadlineNanos when the answer is wanted; the earliest goes first
 */
public record Urgency(long dueNanos, long deadlineNanos) {
  /**
   * How long an item without an objective gives way to those with one: longer than backlogs take.
   */
  public static final Duration PATIENCE = Duration.ofMinutes(10);

  /**
   * How long an item without an objective waits for others before it gets a share for certain. A
   * full window of such items must move on before it holds its partition up.
   */
  public static final Duration AGES_AFTER = Duration.ofSeconds(2);

  /**
   * The urgency of an item; both times count from its arrival.
   *
   * @param maxDelay how long its micro-batch may stay open for others
   * @param objective within what time the answer is wanted; without one, throughput counts
   */
  public static Urgency of(long arrivedNanos, Duration maxDelay, @Nullable Duration objective) {
    Duration wanted = objective == null ? maxDelay.plus(PATIENCE) : objective;
    return new Urgency(arrivedNanos + maxDelay.toNanos(), arrivedNanos + wanted.toNanos());
  }

  /** Whether it has no objective, so that throughput counts. */
  public boolean isPatient() {
    return deadlineNanos - dueNanos >= PATIENCE.toNanos();
  }

  /** Whether it has no objective and has waited for long enough to get a share for certain. */
  public boolean hasAged(long nowNanos) {
    return isPatient()
        && nowNanos - (deadlineNanos - PATIENCE.toNanos() + AGES_AFTER.toNanos()) >= 0;
  }
}
