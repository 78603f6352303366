package dev.phistream.batching;

import java.util.function.Function;

/**
 * What micro-batches are expected to take, over the devices that are left. Thread-safe.
 *
 * @param <K> what micro-batches are told apart by: their queue, or what their items ask for
 */
public interface BatchForecast<K> {
  /** Devices that run micro-batches side by side; 0 when none is left. */
  int devices();

  /** Items with which a micro-batch of {@code key} is full now, the mean over the devices. */
  int target(K key);

  /** What a micro-batch takes, the mean over the devices; 0 while nothing is known. */
  long nanos(K key, int size);

  /** The forecast for those who know micro-batches by other keys. */
  default <J> BatchForecast<J> by(Function<J, K> keys) {
    BatchForecast<K> own = this;
    return new BatchForecast<>() {
      @Override
      public int devices() {
        return own.devices();
      }

      @Override
      public int target(J key) {
        return own.target(keys.apply(key));
      }

      @Override
      public long nanos(J key, int size) {
        return own.nanos(keys.apply(key), size);
      }
    };
  }
}
