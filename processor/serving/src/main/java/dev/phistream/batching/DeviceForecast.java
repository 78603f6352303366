package dev.phistream.batching;

import java.util.List;
import java.util.function.Supplier;

/**
 * The means over devices.
 *
 * @param sizings those of the devices that are left
 */
public record DeviceForecast(Supplier<List<? extends BatchSizing>> sizings)
    implements BatchForecast<QueueKey> {
  @Override
  public int devices() {
    return sizings.get().size();
  }

  @Override
  public int target(QueueKey key) {
    double mean = sizings.get().stream().mapToInt(sizing -> sizing.target(key)).average().orElse(1);
    return Math.max(1, (int) Math.round(mean));
  }

  @Override
  public long nanos(QueueKey key, int size) {
    double mean =
        sizings.get().stream()
            .mapToLong(sizing -> sizing.predictedNanos(key, size))
            .average()
            .orElse(0);
    return Math.round(mean);
  }
}
