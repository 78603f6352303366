package dev.phistream.batching;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs micro-batches on one device and answers each of their items exactly once, in order. It knows
 * three kinds of failure. A micro-batch that is too large for the device runs again in halves, and
 * the variant's limit on this device is halved for good. A device that is lost keeps its items
 * unanswered, for another device. Any other failure is an item's: the halves run again until it
 * stands alone, and the limit stays. Only one thread may {@link #run} it; others may look at its
 * call and retire it.
 */
final class DeviceRun<I, O> {
  /**
   * A call into the engine that has not returned.
   *
   * @param number tells calls of one device apart
   * @param predictedNanos what it should take, 0 if unknown
   */
  record Call(long number, QueueKey key, int size, long predictedNanos) {}

  private static final Logger log = LoggerFactory.getLogger(DeviceRun.class);

  private final Device<I, O> device;
  private final AdaptiveSizing sizing;
  private final NanoClock clock;
  private List<Pending<I, O>> batch = List.of();
  private List<Pending<I, O>> inCall = List.of();
  private volatile @Nullable Call call;
  private volatile boolean retired;
  private long calls;

  DeviceRun(Device<I, O> device, AdaptiveSizing sizing, NanoClock clock) {
    this.device = device;
    this.sizing = sizing;
    this.clock = clock;
  }

  /** How large micro-batches shall be here. */
  BatchSizing sizing() {
    return sizing;
  }

  /** Most items that a micro-batch of {@code key} may have on this device. */
  int limit(QueueKey key) {
    return sizing.limit(key);
  }

  /** Drops what is known of {@code key}, of which nothing comes any more. */
  void forget(QueueKey key) {
    sizing.forget(key);
  }

  /** Name of the device. */
  String name() {
    return device.name();
  }

  /** The call that is running, or null. */
  @Nullable Call call() {
    return call;
  }

  /** Whether it takes no more micro-batches. */
  boolean isRetired() {
    return retired;
  }

  /**
   * Retires the device, unless it was already or another call is running by now. Its thread may
   * still be in a call; an answer that it brings late is as good as any.
   *
   * @param during the call that is to blame, or null when none is running
   * @return the items of its micro-batch that have no answer, or null when nothing was done; those
   *     in the call that is to blame are marked
   */
  synchronized @Nullable List<Pending<I, O>> retire(@Nullable Call during) {
    if (retired || !Objects.equals(call, during)) {
      return null;
    }
    retired = true;
    return batch.stream()
        .filter(pending -> !pending.future().isDone())
        .map(pending -> during != null && inCall.contains(pending) ? pending.stuckAgain() : pending)
        .toList();
  }

  /**
   * Runs a micro-batch; items that are cancelled meanwhile are left out.
   *
   * @throws DeviceLostException when the device is lost; {@link #retire} then gives the items
   */
  void run(QueueKey key, List<Pending<I, O>> items) throws DeviceLostException {
    synchronized (this) {
      batch = items;
    }
    attempt(key, items);
  }

  private void attempt(QueueKey key, List<Pending<I, O>> items) throws DeviceLostException {
    List<Pending<I, O>> live =
        items.stream().filter(pending -> !pending.future().isDone()).toList();
    if (live.isEmpty()) {
      return;
    }
    boolean isTooLarge = live.size() > sizing.limit(key); // the limit fell since it was made
    boolean hasSuspects = live.size() > 1 && live.stream().anyMatch(item -> item.stuck() > 0);
    if (isTooLarge || hasSuspects) {
      halves(key, live);
      return;
    }
    if (!begin(key, live)) {
      return;
    }
    long started = clock.nanos();
    List<O> outputs;
    try {
      outputs = predict(key, live.stream().map(Pending::item).toList());
    } catch (DeviceLostException e) {
      throw e;
    } catch (Throwable e) { // an error of the JVM is an item's failure, too
      if (!retired) { // else another device has them
        failed(key, live, e);
      }
      return;
    }
    long finished = clock.nanos();
    sizing.observe(key, live.size(), finished - started);
    for (int i = 0; i < live.size(); i++) {
      live.get(i)
          .future()
          .complete(new Batched<>(outputs.get(i), live.size(), device.name(), started, finished));
    }
  }

  /** Notes the call for the watchdog; false when the device was retired. */
  private synchronized boolean begin(QueueKey key, List<Pending<I, O>> items) {
    if (retired) {
      return false;
    }
    int size = items.size();
    inCall = items;
    call = new Call(++calls, key, size, sizing.predictedNanos(key, size));
    return true;
  }

  private List<O> predict(QueueKey key, List<I> inputs) throws Exception {
    try {
      List<O> outputs = device.predictor(key).predict(inputs);
      if (outputs.size() != inputs.size()) {
        throw new IllegalStateException(
            "%s answered %d of %d items".formatted(key, outputs.size(), inputs.size()));
      }
      return outputs;
    } finally {
      synchronized (this) {
        call = null;
      }
    }
  }

  private void failed(QueueKey key, List<Pending<I, O>> items, Throwable e)
      throws DeviceLostException {
    if (e instanceof BatchTooLargeException tooLarge) {
      shrink(key, items, tooLarge);
    } else {
      isolate(key, items, e);
    }
  }

  private void shrink(QueueKey key, List<Pending<I, O>> items, BatchTooLargeException e)
      throws DeviceLostException {
    int before = sizing.limit(key);
    int now = sizing.halveBelow(key, items.size());
    if (now < before) {
      log.warn(
          "{} cannot run {} items of {} at once: at most {} in a micro-batch from now on, not {}:"
              + " {}",
          device.name(),
          items.size(),
          key,
          now,
          before,
          e.getMessage());
    }
    if (items.size() == 1) {
      items
          .get(0)
          .future()
          .completeExceptionally(
              new BatchTooLargeException(
                  "%s cannot run even a single item of %s (expected: memory enough for one; serve fewer or smaller variants there, or free its memory): %s"
                      .formatted(device.name(), key, e.getMessage()),
                  e));
      return;
    }
    halves(key, items);
  }

  private void isolate(QueueKey key, List<Pending<I, O>> items, Throwable e)
      throws DeviceLostException {
    if (items.size() == 1) {
      items.get(0).future().completeExceptionally(e);
      return;
    }
    log.warn(
        "micro-batch of {} {} items failed on {}, looking for the culprit in halves: {}",
        items.size(),
        key,
        device.name(),
        e.toString());
    halves(key, items);
  }

  private void halves(QueueKey key, List<Pending<I, O>> items) throws DeviceLostException {
    int half = items.size() / 2;
    attempt(key, items.subList(0, half));
    attempt(key, items.subList(half, items.size()));
  }
}
