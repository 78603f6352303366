package dev.phistream.batching;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers items from any number of threads into micro-batches, one queue per variant, and runs them
 * on the devices. A micro-batch closes when it is full, when its most urgent item is due, or when
 * nothing more is on its way to it. Thread-safe.
 *
 * <p>Each device has one thread. A batch that throws is run again in halves until the failing item
 * stands alone; only that item's future fails. A batch that is too large for a device's memory runs
 * again in halves too, and the variant's {@link #limit} on that device is halved for good.
 *
 * @param <I> network input
 * @param <O> network output
 */
public final class MicroBatcher<I, O> implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MicroBatcher.class);

  /** A place announced for an item that is still being prepared. Use it exactly once. */
  public final class Reservation {
    private final String variant;
    private final long dueNanos;
    private boolean used;

    private Reservation(String variant, long dueNanos) {
      this.variant = variant;
      this.dueNanos = dueNanos;
    }

    /**
     * Hands the prepared item over.
     *
     * @return completes with the output, or exceptionally with what the predictor threw for this
     *     item alone, or with {@link CancellationException} when the batcher closes first
     */
    public CompletableFuture<Batched<O>> submit(I item) {
      Pending<I, O> pending = new Pending<>(item, new CompletableFuture<>());
      lock.lock();
      try {
        use();
        if (closed) {
          scheduler.withdraw(variant);
          pending.future().completeExceptionally(closedException());
        } else {
          scheduler.add(variant, pending, dueNanos);
          wake();
        }
      } finally {
        lock.unlock();
      }
      return pending.future();
    }

    /** Gives the place up: the item will not come. */
    public void release() {
      lock.lock();
      try {
        use();
        scheduler.withdraw(variant);
        wake();
      } finally {
        lock.unlock();
      }
    }

    private void use() {
      if (used) {
        throw new IllegalStateException("reservation was used already (expected: once)");
      }
      used = true;
    }
  }

  private final NanoClock clock;
  private final BatchScheduler<Pending<I, O>> scheduler = new BatchScheduler<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<DeviceRun<I, O>> runs = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private boolean closed;

  /**
   * Starts one thread per device.
   *
   * @param policies a policy for each variant that will be used
   * @param devices at least one; what they cannot hold lowers the policies' sizes
   */
  public MicroBatcher(
      Function<String, BatchPolicy> policies,
      List<? extends Device<I, O>> devices,
      NanoClock clock) {
    if (devices.isEmpty()) {
      throw new IllegalArgumentException("devices: none (expected: at least one)");
    }
    this.clock = clock;
    for (Device<I, O> device : devices) {
      BatchLimits limits =
          new BatchLimits(variant -> policies.apply(variant).maxBatch(), device::maxBatch);
      DeviceRun<I, O> run = new DeviceRun<>(device, limits, clock);
      runs.add(run);
      Thread thread = new Thread(() -> work(run), "device-" + threads.size());
      thread.setDaemon(true);
      threads.add(thread);
    }
    threads.forEach(Thread::start);
  }

  /**
   * Announces an item, so that its micro-batch may wait for it.
   *
   * @param dueNanos when its micro-batch should start at the latest, on the batcher's clock; items
   *     are served most urgent first
   */
  public Reservation reserve(String variant, long dueNanos) {
    lock.lock();
    try {
      scheduler.expect(variant);
    } finally {
      lock.unlock();
    }
    return new Reservation(variant, dueNanos);
  }

  /** Items that are prepared and wait for a device. */
  public int queued() {
    lock.lock();
    try {
      return scheduler.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Most items in one micro-batch now; it falls for good when a device runs out of memory.
   *
   * @param device the device's place in the list that the batcher was made with
   */
  public int limit(int device, String variant) {
    return runs.get(device).limit(variant);
  }

  /** Lets running micro-batches finish and cancels what waits. */
  @Override
  public void close() {
    List<Pending<I, O>> abandoned;
    lock.lock();
    try {
      closed = true;
      abandoned = scheduler.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    abandoned.forEach(pending -> pending.future().completeExceptionally(closedException()));
    boolean interrupted = false;
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static CancellationException closedException() {
    return new CancellationException("the micro-batcher is closed");
  }

  /**
   * Wakes a device for what has changed. Where limits differ, one device may find a batch ready and
   * another not, so that all must look.
   */
  private void wake() {
    if (runs.stream().anyMatch(DeviceRun::isLimited)) {
      changed.signalAll();
    } else {
      changed.signal();
    }
  }

  private void work(DeviceRun<I, O> device) {
    BatchScheduler.Batch<Pending<I, O>> batch;
    while ((batch = awaitBatch(device)) != null) {
      try {
        device.run(batch.variant(), batch.items());
      } catch (Throwable e) { // a device thread must outlive whatever a callback does
        log.error("micro-batch of {} on {} broke off", batch.variant(), device.name(), e);
        batch.items().forEach(pending -> pending.future().completeExceptionally(e));
      }
    }
  }

  private BatchScheduler.@Nullable Batch<Pending<I, O>> awaitBatch(DeviceRun<I, O> device) {
    lock.lock();
    try {
      while (!closed) {
        long now = clock.nanos();
        BatchScheduler.Batch<Pending<I, O>> batch = scheduler.poll(now, device::limit);
        if (batch != null) {
          wake(); // another device may find a second batch ready
          return batch;
        }
        long wait = scheduler.nanosUntilDue(now);
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
}
