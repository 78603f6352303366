package dev.phistream.batching;

import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The scheduler, shared by threads that prepare items and device threads that wait for them. */
final class BatchQueue<I, O> {
  private final NanoClock clock;
  private final BatchScheduler<Pending<I, O>> scheduler = new BatchScheduler<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private @Nullable Exception ended;

  BatchQueue(NanoClock clock) {
    this.clock = clock;
  }

  BatchScheduler.Place expect(String variant, Urgency urgency) {
    lock.lock();
    try {
      return scheduler.expect(variant, urgency);
    } finally {
      lock.unlock();
    }
  }

  void withdraw(BatchScheduler.Place place) {
    lock.lock();
    try {
      scheduler.withdraw(place);
      changed.signalAll();
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
          scheduler.add(item.place(), item);
        } else {
          scheduler.withdraw(item.place());
        }
      }
      // Targets differ between devices, so that each must look for itself.
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (reason != null) {
      fail(items, reason);
    }
  }

  /** Waits for a micro-batch; null when the queue has ended or the device shall take no more. */
  BatchScheduler.@Nullable Batch<Pending<I, O>> take(BatchSizing device, BooleanSupplier retired) {
    lock.lock();
    try {
      while (ended == null && !retired.getAsBoolean()) {
        long now = clock.nanos();
        BatchScheduler.Batch<Pending<I, O>> batch = scheduler.poll(now, device);
        if (batch != null) {
          changed.signalAll(); // another device may find a second batch ready
          return batch;
        }
        long wait = scheduler.nanosUntilReady(now, device);
        if (wait == Long.MAX_VALUE) {
          changed.awaitUninterruptibly();
        } else {
          changed.awaitNanos(wait);
        }
      }
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
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
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    fail(abandoned, reason);
  }

  private static <I, O> void fail(List<Pending<I, O>> items, Exception reason) {
    items.forEach(item -> item.future().completeExceptionally(reason));
  }
}
