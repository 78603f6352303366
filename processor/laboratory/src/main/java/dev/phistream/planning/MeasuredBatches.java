package dev.phistream.planning;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What micro-batches were measured to take, by variant and size. Sizes between measured ones lie on
 * the straight line between their neighbours. Below the smallest, a micro-batch is taken to last as
 * long as the smallest; above the largest, each image more takes what the last ones did, or its
 * share of the largest if only one size was measured.
 */
public final class MeasuredBatches {
  private final Map<String, NavigableMap<Integer, BatchTime>> bySize = new HashMap<>();

  /**
   * Copies the measurements.
   *
   * @param measured by variant and by images in a micro-batch; at least one size each
   */
  public MeasuredBatches(Map<String, ? extends Map<Integer, BatchTime>> measured) {
    measured.forEach(
        (variant, times) -> {
          if (times.isEmpty()) {
            throw new IllegalArgumentException(
                "variant %s: no batch size was measured (expected: at least one)"
                    .formatted(variant));
          }
          bySize.put(variant, new TreeMap<>(times));
        });
  }

  /** Whether there is any measurement of a variant. */
  public boolean has(String variant) {
    return bySize.containsKey(variant);
  }

  /** What micro-batches of a size take. */
  public BatchTime at(String variant, int size) {
    NavigableMap<Integer, BatchTime> times = bySize.get(variant);
    if (times == null) {
      throw new IllegalArgumentException("variant %s: was not measured".formatted(variant));
    }
    Map.Entry<Integer, BatchTime> below = times.floorEntry(size);
    Map.Entry<Integer, BatchTime> above = times.ceilingEntry(size);
    if (below == null) {
      return times.firstEntry().getValue();
    }
    if (above == null) {
      return beyond(times, size);
    }
    int distance = above.getKey() - below.getKey();
    return distance == 0
        ? below.getValue()
        : below.getValue().towards(above.getValue(), (size - below.getKey()) / (double) distance);
  }

  /**
   * The same where micro-batches take more processor time than when they were measured, for the
   * cores and their caches do other work in between.
   *
   * @param factor so many times as much, above 0
   */
  public MeasuredBatches withWork(double factor) {
    Map<String, Map<Integer, BatchTime>> all = new HashMap<>();
    bySize.forEach(
        (variant, times) -> {
          Map<Integer, BatchTime> longer = new HashMap<>();
          times.forEach((size, time) -> longer.put(size, time.withWork(factor)));
          all.put(variant, longer);
        });
    return new MeasuredBatches(all);
  }

  /** The means, as the sizing gets them from a warm-up. */
  Map<Integer, Duration> warmUp(String variant, int maxBatch) {
    Map<Integer, Duration> means = new HashMap<>();
    for (int size = 1; size <= maxBatch; size++) {
      means.put(size, Duration.ofNanos(Math.round(at(variant, size).mean() * 1e6)));
    }
    return means;
  }

  private static BatchTime beyond(NavigableMap<Integer, BatchTime> times, int size) {
    Map.Entry<Integer, BatchTime> last = times.lastEntry();
    Map.Entry<Integer, BatchTime> before = times.lowerEntry(last.getKey());
    BatchTime time = last.getValue();
    if (before == null || time.mean() <= before.getValue().mean()) {
      return time.times((double) size / last.getKey());
    }
    double part = (size - before.getKey()) / (double) (last.getKey() - before.getKey());
    return before.getValue().towards(time, part);
  }
}
