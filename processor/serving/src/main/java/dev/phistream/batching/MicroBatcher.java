package dev.phistream.batching;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers items from any number of threads into micro-batches, one queue per variant, and runs them
 * on the devices. {@link BatchScheduler} says when a micro-batch closes and which goes first,
 * {@link AdaptiveSizing} how large it gets. Thread-safe.
 *
 * <p>Each device has one thread. A batch that throws is run again in halves until the failing item
 * stands alone; only that item's future fails. A batch that is too large for a device's memory runs
 * again in halves too, and the variant's {@link #limit} on that device is halved for good. A device
 * that is lost, or that a watchdog finds stuck in a call, gets no more batches; its items run again
 * on the others, those of the stuck call one by one. An item with which a second device is stuck
 * fails with {@link StuckItemException}. Only when no device is left, all futures fail with {@link
 * DeviceLostException}.
 *
 * @param <I> network input
 * @param <O> network output
 */
public final class MicroBatcher<I, O> implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MicroBatcher.class);

  /** A place announced for an item that is still being prepared. Use it exactly once. */
  public final class Reservation {
    private final BatchScheduler.Ticket place;
    private final AtomicBoolean used = new AtomicBoolean();

    private Reservation(BatchScheduler.Ticket place) {
      this.place = place;
    }

    /**
     * Hands the prepared item over.
     *
     * @return completes with the output, or exceptionally with what the predictor threw for this
     *     item alone, with {@link DeviceLostException} when no device is left, or with {@link
     *     CancellationException} when the batcher closes first
     */
    public CompletableFuture<Batched<O>> submit(I item) {
      use();
      Pending<I, O> pending = new Pending<>(place, item, new CompletableFuture<>());
      queue.add(List.of(pending));
      return pending.future();
    }

    /** Gives the place up: the item will not come. */
    public void release() {
      use();
      queue.withdraw(place);
    }

    private void use() {
      if (used.getAndSet(true)) {
        throw new IllegalStateException("reservation was used already (expected: once)");
      }
    }
  }

  /** A device with its thread; it is gone when the thread has ended or been abandoned. */
  private record Worker<I, O>(DeviceRun<I, O> device, CompletableFuture<Void> gone) {}

  private final BatchQueue<I, O> queue;
  private final List<Worker<I, O>> workers = new ArrayList<>();
  private final @Nullable Watchdog<I, O> watchdog;
  private final CountDownLatch stopped = new CountDownLatch(1);

  /**
   * Starts one thread per device and, if there is a limit, one that watches them.
   *
   * @param policies a policy for each variant that will be used
   * @param devices at least one; what they cannot hold lowers the policies' sizes
   * @param callLimit after what time a device is stuck that does not return from a call; calls that
   *     are expected to take long get twenty times what is expected if that is more; null to wait
   *     for ever
   */
  public MicroBatcher(
      Function<QueueKey, BatchPolicy> policies,
      List<? extends Device<I, O>> devices,
      @Nullable Duration callLimit,
      NanoClock clock) {
    if (devices.isEmpty()) {
      throw new IllegalArgumentException("devices: none (expected: at least one)");
    }
    queue = new BatchQueue<>(clock);
    for (Device<I, O> device : devices) {
      AdaptiveSizing sizing =
          new AdaptiveSizing(policies, device::maxBatch, device::measured, device::padded);
      workers.add(new Worker<>(new DeviceRun<>(device, sizing, clock), new CompletableFuture<>()));
    }
    watchdog =
        callLimit == null
            ? null
            : new Watchdog<>(
                callLimit, clock, workers.stream().map(Worker::device).toList(), this::stuck);
    List<Thread> threads = new ArrayList<>();
    for (Worker<I, O> worker : workers) {
      threads.add(new Thread(() -> work(worker), "device-" + threads.size()));
    }
    if (watchdog != null) {
      threads.add(new Thread(() -> watch(watchdog), "watchdog"));
    }
    threads.forEach(thread -> thread.setDaemon(true));
    threads.forEach(Thread::start);
  }

  /** The same without a watchdog. */
  public MicroBatcher(
      Function<QueueKey, BatchPolicy> policies,
      List<? extends Device<I, O>> devices,
      NanoClock clock) {
    this(policies, devices, null, clock);
  }

  /** Announces an item, so that its micro-batch may wait for it. */
  public Reservation reserve(QueueKey key, Urgency urgency) {
    return new Reservation(queue.expect(key, urgency));
  }

  /** How many devices it was made with. */
  int devices() {
    return workers.size();
  }

  /** Items that are prepared and wait for a device. */
  public int queued() {
    return queue.size();
  }

  /**
   * Most items in one micro-batch now; it falls for good when a device runs out of memory.
   *
   * @param device the device's place in the list that the batcher was made with
   */
  public int limit(int device, QueueKey key) {
    return workers.get(device).device().limit(key);
  }

  /**
   * Items with which a micro-batch is full now: as many as the limit and the variant's objective
   * allow.
   *
   * @param device the device's place in the list that the batcher was made with
   */
  public int target(int device, QueueKey key) {
    return workers.get(device).device().sizing().target(key);
  }

  /** Drops what is known of a variant of which nothing waits and nothing will come. */
  public void forget(QueueKey key) {
    queue.forget(key);
    workers.forEach(worker -> worker.device().forget(key));
  }

  /**
   * Whether a device was lost or stuck; its thread may still be in a call, so that its memory must
   * not be freed.
   *
   * @param device the device's place in the list that the batcher was made with
   */
  public boolean isLost(int device) {
    return workers.get(device).device().isRetired();
  }

  /** What micro-batches are expected to take on the devices that are left. */
  public BatchForecast<QueueKey> forecast() {
    return new DeviceForecast(
        () ->
            workers.stream()
                .map(Worker::device)
                .filter(device -> !device.isRetired())
                .map(DeviceRun::sizing)
                .toList());
  }

  /** Lets running micro-batches finish, but waits for no stuck one, and cancels what waits. */
  @Override
  public void close() {
    queue.end(new CancellationException("the micro-batcher is closed"));
    workers.forEach(worker -> worker.gone().join());
    stopped.countDown();
  }

  /** What the watchdog does at intervals; for tests, whose clock stands still. */
  void checkDevices() {
    if (watchdog != null) {
      watchdog.check();
    }
  }

  private void watch(Watchdog<I, O> dog) {
    try {
      while (!stopped.await(dog.interval().toNanos(), TimeUnit.NANOSECONDS)) {
        dog.check();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void work(Worker<I, O> worker) {
    DeviceRun<I, O> device = worker.device();
    BatchScheduler.Batch<Pending<I, O>> batch;
    while ((batch = queue.take(device.sizing(), device::isRetired)) != null) {
      try {
        device.run(batch.key(), batch.items());
      } catch (DeviceLostException e) {
        retire(device, null, e);
      } catch (Throwable e) { // a device thread must outlive whatever a callback does
        log.error("micro-batch of {} on {} broke off", batch.key(), device.name(), e);
        if (!device.isRetired()) {
          batch.items().forEach(pending -> pending.future().completeExceptionally(e));
        }
      }
    }
    worker.gone().complete(null);
  }

  private void stuck(DeviceRun<I, O> device, DeviceRun.Call call, Duration since) {
    retire(
        device,
        call,
        new DeviceLostException(
            "%s is stuck: %d items of %s have not returned for %.1f s"
                .formatted(device.name(), call.size(), call.key(), since.toMillis() / 1000.0)));
  }

  private void retire(
      DeviceRun<I, O> device, DeviceRun.@Nullable Call call, DeviceLostException why) {
    List<Pending<I, O>> unanswered = device.retire(call);
    if (unanswered == null) {
      return;
    }
    long left = workers.stream().filter(worker -> !worker.device().isRetired()).count();
    log.error(
        "{} ({} devices left); it gets no more micro-batches, and {} items run again elsewhere",
        why.getMessage(),
        left,
        unanswered.size(),
        why);
    if (left == 0) {
      queue.end(
          new DeviceLostException(
              "no device is left (expected: at least one; restart the processor): "
                  + why.getMessage(),
              why));
    }
    // One that hangs wherever it runs must not take all devices with it.
    List<Pending<I, O>> culprits =
        left == 0 ? List.of() : unanswered.stream().filter(item -> item.stuck() > 1).toList();
    culprits.forEach(
        item ->
            item.future()
                .completeExceptionally(
                    new StuckItemException(
                        "two devices did not come back from a call with it, %s last"
                            .formatted(device.name()))));
    queue.add( // which fails them if the queue has ended
        unanswered.stream().filter(item -> !item.future().isDone()).toList());
    workers.stream()
        .filter(worker -> worker.device() == device)
        .forEach(worker -> worker.gone().complete(null));
  }
}
