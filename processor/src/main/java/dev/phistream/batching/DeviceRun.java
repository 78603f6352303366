package dev.phistream.batching;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs micro-batches on one device and answers each of their items exactly once, in order. It knows
 * two kinds of failure. A micro-batch that is too large for the device's memory runs again in
 * halves, and the variant's limit on this device is halved for good. Any other failure is an
 * item's: the halves run again until it stands alone, and the limit stays. Only one thread may
 * {@link #run} it.
 */
final class DeviceRun<I, O> {
  private static final Logger log = LoggerFactory.getLogger(DeviceRun.class);

  private final Device<I, O> device;
  private final BatchLimits limits;
  private final NanoClock clock;

  DeviceRun(Device<I, O> device, BatchLimits limits, NanoClock clock) {
    this.device = device;
    this.limits = limits;
    this.clock = clock;
  }

  /** Most items that a micro-batch of {@code variant} may have on this device. */
  int limit(String variant) {
    return limits.of(variant);
  }

  /** Whether a variant's limit is below its policy. */
  boolean isLimited() {
    return limits.lowered();
  }

  /** Name of the device. */
  String name() {
    return device.name();
  }

  /** Runs a micro-batch; items that are cancelled meanwhile are left out. */
  void run(String variant, List<Pending<I, O>> batch) {
    List<Pending<I, O>> live =
        batch.stream().filter(pending -> !pending.future().isDone()).toList();
    if (live.isEmpty()) {
      return;
    }
    if (live.size() > limits.of(variant)) { // the limit fell since the batch was made
      halves(variant, live);
      return;
    }
    long started = clock.nanos();
    List<O> outputs;
    try {
      outputs = device.predictor(variant).predict(live.stream().map(Pending::item).toList());
      if (outputs.size() != live.size()) {
        throw new IllegalStateException(
            "%s answered %d of %d items".formatted(variant, outputs.size(), live.size()));
      }
    } catch (BatchTooLargeException e) {
      shrink(variant, live, e);
      return;
    } catch (Exception e) {
      isolate(variant, live, e);
      return;
    }
    long finished = clock.nanos();
    for (int i = 0; i < live.size(); i++) {
      live.get(i)
          .future()
          .complete(new Batched<>(outputs.get(i), live.size(), device.name(), started, finished));
    }
  }

  private void shrink(String variant, List<Pending<I, O>> batch, BatchTooLargeException e) {
    int before = limits.of(variant);
    int now = limits.halveBelow(variant, batch.size());
    if (now < before) {
      log.warn(
          "{} has no memory for {} items of {}: at most {} in a micro-batch from now on, not {}: {}",
          device.name(),
          batch.size(),
          variant,
          now,
          before,
          e.getMessage());
    }
    if (batch.size() == 1) {
      batch
          .get(0)
          .future()
          .completeExceptionally(
              new BatchTooLargeException(
                  "%s has no memory for a single item of %s (expected: enough for one; serve fewer or smaller variants there, or free its memory): %s"
                      .formatted(device.name(), variant, e.getMessage()),
                  e));
      return;
    }
    halves(variant, batch);
  }

  private void isolate(String variant, List<Pending<I, O>> batch, Exception e) {
    if (batch.size() == 1) {
      batch.get(0).future().completeExceptionally(e);
      return;
    }
    log.warn(
        "micro-batch of {} {} items failed on {}, looking for the culprit in halves: {}",
        batch.size(),
        variant,
        device.name(),
        e.toString());
    halves(variant, batch);
  }

  private void halves(String variant, List<Pending<I, O>> batch) {
    int half = batch.size() / 2;
    run(variant, batch.subList(0, half));
    run(variant, batch.subList(half, batch.size()));
  }
}
