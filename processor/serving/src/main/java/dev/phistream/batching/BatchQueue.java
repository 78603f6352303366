package dev.phistream.batching;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The scheduler, shared by threads that prepare items and device threads that wait for them. Of the
 * devices that wait, only one is woken that has a micro-batch to start; having taken it, it wakes
 * the next if there is another. Waking all for each item costs more than the rest of the queue.
 */
final class BatchQueue<I, O> {
  /** A device that waits for a micro-batch. */
  private static final class Waiter {
    private final BatchScheduler.FreeDevice device;
    private final Condition wake;
    private long looksAgainNanos;

    Waiter(BatchScheduler.FreeDevice device, Condition wake) {
      this.device = device;
      this.wake = wake;
    }
  }

  private static final long LONGEST_WAIT_NANOS = Long.MAX_VALUE / 2;

  private final NanoClock clock;
  private final BatchScheduler<Pending<I, O>> scheduler = new BatchScheduler<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Waiter> waiters = new ArrayList<>();
  private @Nullable Exception ended;

  BatchQueue(NanoClock clock) {
    this.clock = clock;
  }

  BatchScheduler.Ticket expect(QueueKey key, Urgency urgency) {
    lock.lock();
    try {
      return scheduler.expect(key, urgency);
    } finally {
      lock.unlock();
    }
  }

  void withdraw(BatchScheduler.Ticket place) {
    lock.lock();
    try {
      scheduler.withdraw(place);
      wakeWhoHasWork();
    } finally {
      lock.unlock();
    }
  }

  /** Adds items; once the queue has ended, they fail for its reason. */
  void add(List<Pending<I, O>> items) {
    Exception reason;
    lock.lock();
    try {
      reason = ended;
      for (Pending<I, O> item : items) {
        if (reason == null) {
          scheduler.add(item.place(), item, clock.nanos());
        } else {
          scheduler.withdraw(item.place());
        }
      }
      wakeWhoHasWork();
    } finally {
      lock.unlock();
    }
    if (reason != null) {
      fail(items, reason);
    }
  }

  /** Waits for a micro-batch; null when the queue has ended or the device shall take no more. */
  BatchScheduler.@Nullable Batch<Pending<I, O>> take(BatchSizing sizing, BooleanSupplier retired) {
    lock.lock();
    Waiter waiter =
        new Waiter(new BatchScheduler.FreeDevice(sizing, clock.nanos()), lock.newCondition());
    waiters.add(waiter);
    try {
      while (ended == null && !retired.getAsBoolean()) {
        long now = clock.nanos();
        BatchScheduler.Batch<Pending<I, O>> batch = scheduler.poll(now, waiter.device);
        if (batch != null) {
          return batch;
        }
        long wait = Math.min(LONGEST_WAIT_NANOS, scheduler.nanosUntilReady(now, waiter.device));
        waiter.looksAgainNanos = now + wait;
        waiter.wake.awaitNanos(wait);
      }
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    } finally {
      waiters.remove(waiter);
      wakeWhoHasWork(); // what it left, or was woken for and did not take
      lock.unlock();
    }
  }

  void forget(QueueKey key) {
    lock.lock();
    try {
      scheduler.forget(key);
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return scheduler.size();
    } finally {
      lock.unlock();
    }
  }

  /** Fails what waits and what comes; the first reason counts. */
  void end(Exception reason) {
    List<Pending<I, O>> abandoned;
    lock.lock();
    try {
      if (ended == null) {
        ended = reason;
      }
      abandoned = scheduler.clear();
      waiters.forEach(waiter -> waiter.wake.signal());
    } finally {
      lock.unlock();
    }
    fail(abandoned, reason);
  }

  /** Wakes the first device that can start now, and those whose time to look again came nearer. */
  private void wakeWhoHasWork() {
    long now = clock.nanos();
    boolean taken = false;
    for (Waiter waiter : waiters) {
      long wait = Math.min(LONGEST_WAIT_NANOS, scheduler.nanosUntilReady(now, waiter.device));
      boolean ready = wait == 0;
      if (ready ? !taken : now + wait - waiter.looksAgainNanos < 0) {
        waiter.looksAgainNanos = now + wait;
        waiter.wake.signal();
      }
      taken |= ready;
    }
  }

  private static <I, O> void fail(List<Pending<I, O>> items, Exception reason) {
    items.forEach(item -> item.future().completeExceptionally(reason));
  }
}
