package dev.phistream.batching;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;

/**
 * How large one device's micro-batches may get, by variant. A limit starts at the smaller of what
 * the policy allows and the device can hold, and only ever falls. Thread-safe.
 */
final class BatchLimits {
  private final ToIntFunction<QueueKey> policy;
  private final ToIntFunction<QueueKey> capacity;
  private final Map<QueueKey, Integer> limits = new ConcurrentHashMap<>();

  BatchLimits(ToIntFunction<QueueKey> policy, ToIntFunction<QueueKey> capacity) {
    this.policy = policy;
    this.capacity = capacity;
  }

  /** Most items in one micro-batch of {@code key}, at least 1. */
  int of(QueueKey key) {
    return limits.computeIfAbsent(key, this::initial);
  }

  /**
   * Halves a limit until it keeps micro-batches of a size out.
   *
   * @param tooLarge a size that did not fit
   * @return the limit from now on
   */
  int halveBelow(QueueKey key, int tooLarge) {
    int limit = of(key);
    while (limit >= tooLarge && limit > 1) {
      limit /= 2;
    }
    limits.put(key, limit);
    return limit;
  }

  /** Starts again at what the policy allows and the device can hold. */
  void forget(QueueKey key) {
    limits.remove(key);
  }

  private int initial(QueueKey key) {
    return Math.min(policy.applyAsInt(key), Math.max(1, capacity.applyAsInt(key)));
  }
}
