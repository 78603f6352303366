package dev.phistream.topology;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Tells the tasks that the process is about to stop: events already with the classifier are still
 * answered, events that arrive from now on only enter the ledger, for the next owner. Thread-safe.
 */
public final class Drain {
  private static final long PARKING_PAUSE_MS = 100;

  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile boolean requested;

  /** Begins. */
  public void request() {
    requested = true;
  }

  /** Ends: whoever is held back goes on, so that the threads can stop. */
  public void finish() {
    finished.countDown();
  }

  boolean isRequested() {
    return requested;
  }

  /** Slows the taking of records down while others are being answered. */
  void pause() {
    try {
      finished.await(PARKING_PAUSE_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
