package dev.phistream.topology;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets a process stop in order: events that the classifier has are still answered, events that
 * arrive from now on only enter the ledger, for the next owner. Shared by all tasks; thread-safe.
 */
public final class Drain {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean requested;
  private int inFlight;

  /**
   * Stops the starting of events and waits for those that were started.
   *
   * @return whether all were answered in time
   */
  public boolean drain(Duration timeout) {
    lock.lock();
    try {
      requested = true;
      long left = timeout.toNanos();
      while (inFlight > 0 && left > 0) {
        left = changed.awaitNanos(left);
      }
      return inFlight == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Whether events are being answered, or answers wait to be sent. */
  public boolean isBusy() {
    lock.lock();
    try {
      return inFlight > 0;
    } finally {
      lock.unlock();
    }
  }

  /** Whether no more events are started. */
  public boolean isRequested() {
    lock.lock();
    try {
      return requested;
    } finally {
      lock.unlock();
    }
  }

  /** Counts events that the classifier got (positive) or that were answered or given up. */
  void count(int started) {
    lock.lock();
    try {
      inFlight += started;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
