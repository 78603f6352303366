package dev.phistream.batching;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;

/**
 * How large one device's micro-batches may get, by variant. A limit starts at the smaller of what
 * the policy allows and the device can hold, and only ever falls. Thread-safe.
 */
final class BatchLimits {
  private final ToIntFunction<String> policy;
  private final ToIntFunction<String> capacity;
  private final Map<String, Integer> limits = new ConcurrentHashMap<>();

  BatchLimits(ToIntFunction<String> policy, ToIntFunction<String> capacity) {
    this.policy = policy;
    this.capacity = capacity;
  }

  /** Most items in one micro-batch of {@code variant}, at least 1. */
  int of(String variant) {
    return limits.computeIfAbsent(variant, this::initial);
  }

  /**
   * Halves a limit until it keeps micro-batches of a size out.
   *
   * @param tooLarge a size that did not fit
   * @return the limit from now on
   */
  int halveBelow(String variant, int tooLarge) {
    int limit = of(variant);
    while (limit >= tooLarge && limit > 1) {
      limit /= 2;
    }
    limits.put(variant, limit);
    return limit;
  }

  /** Starts again at what the policy allows and the device can hold. */
  void forget(String variant) {
    limits.remove(variant);
  }

  private int initial(String variant) {
    return Math.min(policy.applyAsInt(variant), Math.max(1, capacity.applyAsInt(variant)));
  }
}
