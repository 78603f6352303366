package dev.phistream.pipeline;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Memory that decoders share. Each takes a part before it decodes and waits, in order of arrival,
 * while the others have it. An image that needs more than all of it decodes alone. Thread-safe.
 */
final class MemoryBudget {
  /** Semaphores count in ints. */
  private static final long UNIT_BYTES = 64 * 1024;

  /** A part of the budget; closing gives it back. */
  final class Lease implements AutoCloseable {
    private final int units;

    private Lease(int units) {
      this.units = units;
    }

    @Override
    public void close() {
      free.release(units);
    }
  }

  private final int units;
  private final Semaphore free;

  /** Creates a budget of at least one unit of 64 KiB. */
  MemoryBudget(long bytes) {
    units = units(Math.max(bytes, 1), Integer.MAX_VALUE);
    free = new Semaphore(units, /* fair= */ true);
  }

  /** All of it. */
  long bytes() {
    return units * UNIT_BYTES;
  }

  /**
   * Takes a part.
   *
   * @param bytes what it should hold; more than the budget takes all of it
   * @return the part, or null if the others have not given enough back within the time
   */
  @Nullable Lease take(long bytes, Duration atMost) throws InterruptedException {
    int wanted = units(bytes, units);
    return free.tryAcquire(wanted, atMost.toNanos(), TimeUnit.NANOSECONDS)
        ? new Lease(wanted)
        : null;
  }

  /** Takes all of it, so that nobody else decodes; null as above. */
  @Nullable Lease takeAll(Duration atMost) throws InterruptedException {
    return take(Long.MAX_VALUE, atMost);
  }

  private static int units(long bytes, int most) {
    return (int) Math.min(most, bytes / UNIT_BYTES + (bytes % UNIT_BYTES == 0 ? 0 : 1));
  }
}
