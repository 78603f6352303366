package dev.phistream.planning;

/** What a micro-batch takes. */
@FunctionalInterface
public interface BatchCost {
  /** Time on a device for {@code size} items of {@code variant}. */
  long nanos(String variant, int size);

  /** Part of that in which a core works for it, if the device is on the cores; else it waits. */
  default double onCore(String variant, int size) {
    return 1;
  }

  /** A fixed part per micro-batch and one per item, the same for all variants. */
  static BatchCost affine(long fixedNanos, long itemNanos) {
    return (variant, size) -> fixedNanos + size * itemNanos;
  }
}
