package dev.phistream.batching;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.ToIntBiFunction;
import java.util.function.ToIntFunction;

/**
 * Sizes one device's micro-batches by what they take there: the target is the largest that takes no
 * longer than half of the variant's objective, because an item may have to wait for one micro-batch
 * before its own. Without an objective, or before anything was measured, it is the limit.
 * Thread-safe.
 */
public final class AdaptiveSizing implements BatchSizing {
  private static final int BATCHES_IN_OBJECTIVE = 2;

  private final Function<QueueKey, BatchPolicy> policies;
  private final BatchLimits limits;
  private final Function<QueueKey, Map<Integer, Duration>> measured;
  private final ToIntBiFunction<QueueKey, Integer> padded;
  private final Map<QueueKey, BatchTimes> times = new ConcurrentHashMap<>();

  /**
   * Creates the sizing of one device.
   *
   * @param policies a policy for each variant
   * @param capacity most items of a variant that the device is known to run at once
   * @param measured what micro-batches of a variant took so far, by size; may be empty
   * @param padded how many items of a variant the device computes for so many, at least these
   */
  public AdaptiveSizing(
      Function<QueueKey, BatchPolicy> policies,
      ToIntFunction<QueueKey> capacity,
      Function<QueueKey, Map<Integer, Duration>> measured,
      ToIntBiFunction<QueueKey, Integer> padded) {
    this.policies = policies;
    this.limits = new BatchLimits(key -> policies.apply(key).maxBatch(), capacity);
    this.measured = measured;
    this.padded = padded;
  }

  /** The sizing of a device that pads nothing. */
  public AdaptiveSizing(
      Function<QueueKey, BatchPolicy> policies,
      ToIntFunction<QueueKey> capacity,
      Function<QueueKey, Map<Integer, Duration>> measured) {
    this(policies, capacity, measured, (key, items) -> items);
  }

  @Override
  public int target(QueueKey key) {
    int limit = limits.of(key);
    Duration objective = policies.apply(key).objective();
    return objective == null
        ? limit
        : Math.min(limit, times(key).largestWithin(objective.toNanos() / BATCHES_IN_OBJECTIVE));
  }

  @Override
  public long predictedNanos(QueueKey key, int size) {
    return times(key).predictNanos(size);
  }

  /** Takes into account what a micro-batch took. */
  public void observe(QueueKey key, int size, long nanos) {
    times(key).observe(size, nanos);
  }

  /** Most items that a micro-batch of {@code key} may have on this device. */
  int limit(QueueKey key) {
    return limits.of(key);
  }

  /** Drops what was measured of {@code key} and what its limit fell to. */
  void forget(QueueKey key) {
    times.remove(key);
    limits.forget(key);
  }

  /** As {@link BatchLimits#halveBelow}. */
  int halveBelow(QueueKey key, int tooLarge) {
    return limits.halveBelow(key, tooLarge);
  }

  private BatchTimes times(QueueKey key) {
    return times.computeIfAbsent(
        key,
        v ->
            new BatchTimes(
                policies.apply(v).maxBatch(),
                measured.apply(v),
                items -> padded.applyAsInt(v, items)));
  }
}
