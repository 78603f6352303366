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

  private final Function<String, BatchPolicy> policies;
  private final BatchLimits limits;
  private final Function<String, Map<Integer, Duration>> measured;
  private final ToIntBiFunction<String, Integer> padded;
  private final Map<String, BatchTimes> times = new ConcurrentHashMap<>();

  /**
   * Creates the sizing of one device.
   *
   * @param policies a policy for each variant
   * @param capacity most items of a variant that the device is known to run at once
   * @param measured what micro-batches of a variant took so far, by size; may be empty
   * @param padded how many items of a variant the device computes for so many, at least these
   */
  public AdaptiveSizing(
      Function<String, BatchPolicy> policies,
      ToIntFunction<String> capacity,
      Function<String, Map<Integer, Duration>> measured,
      ToIntBiFunction<String, Integer> padded) {
    this.policies = policies;
    this.limits = new BatchLimits(variant -> policies.apply(variant).maxBatch(), capacity);
    this.measured = measured;
    this.padded = padded;
  }

  /** The sizing of a device that pads nothing. */
  public AdaptiveSizing(
      Function<String, BatchPolicy> policies,
      ToIntFunction<String> capacity,
      Function<String, Map<Integer, Duration>> measured) {
    this(policies, capacity, measured, (variant, items) -> items);
  }

  @Override
  public int target(String variant) {
    int limit = limits.of(variant);
    Duration objective = policies.apply(variant).objective();
    return objective == null
        ? limit
        : Math.min(limit, times(variant).largestWithin(objective.toNanos() / BATCHES_IN_OBJECTIVE));
  }

  @Override
  public long predictedNanos(String variant, int size) {
    return times(variant).predictNanos(size);
  }

  /** Takes into account what a micro-batch took. */
  public void observe(String variant, int size, long nanos) {
    times(variant).observe(size, nanos);
  }

  /** Most items that a micro-batch of {@code variant} may have on this device. */
  int limit(String variant) {
    return limits.of(variant);
  }

  /** Drops what was measured of {@code variant} and what its limit fell to. */
  void forget(String variant) {
    times.remove(variant);
    limits.forget(variant);
  }

  /** As {@link BatchLimits#halveBelow}. */
  int halveBelow(String variant, int tooLarge) {
    return limits.halveBelow(variant, tooLarge);
  }

  private BatchTimes times(String variant) {
    return times.computeIfAbsent(
        variant,
        v ->
            new BatchTimes(
                policies.apply(v).maxBatch(),
                measured.apply(v),
                items -> padded.applyAsInt(v, items)));
  }
}
