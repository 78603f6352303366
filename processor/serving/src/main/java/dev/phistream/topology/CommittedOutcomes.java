package dev.phistream.topology;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts outcomes that commits have covered, which is the progress of a processor. Thread-safe.
 *
 * <p>A commit covers the outcomes of its own thread. With several threads the count may run ahead
 * by what the others have sent.
 */
public final class CommittedOutcomes {
  private final AtomicLong sent = new AtomicLong();
  private volatile long committed;

  /** Notes that a result or a dead letter was sent. */
  void sent() {
    sent.incrementAndGet();
  }

  /** Notes that a commit succeeded. */
  public void committed() {
    committed = sent.get();
  }

  /** Outcomes that commits have covered. */
  public long count() {
    return committed;
  }
}
