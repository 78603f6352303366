package dev.phistream.pipeline;

import dev.phistream.batching.BatchPredictor;
import dev.phistream.batching.BatchTooLargeException;
import dev.phistream.batching.Device;
import dev.phistream.batching.DeviceLostException;
import dev.phistream.inference.BrokenDeviceException;
import dev.phistream.inference.NetworkRunner;
import dev.phistream.inference.OutOfDeviceMemoryException;
import java.time.Duration;
import java.util.Map;

/**
 * A device with a runner of its own for each variant.
 *
 * @param name such as {@code cpu} or {@code gpu:0}
 * @param runners by variant
 */
public record RunnerDevice(String name, Map<String, WarmRunner> runners)
    implements Device<byte[], float[]>, AutoCloseable {
  /**
   * A runner that has run every batch size.
   *
   * @param maxBatch the largest that fitted into the device's memory
   * @param times what each batch took, by size
   */
  public record WarmRunner(NetworkRunner runner, int maxBatch, Map<Integer, Duration> times) {
    /** Copies the map. */
    public WarmRunner {
      times = Map.copyOf(times);
    }
  }

  /** Copies the map. */
  public RunnerDevice {
    runners = Map.copyOf(runners);
  }

  @Override
  public BatchPredictor<byte[], float[]> predictor(String variant) {
    NetworkRunner runner = warm(variant).runner();
    return pictures -> {
      try {
        return runner.logits(pictures);
      } catch (OutOfDeviceMemoryException e) {
        throw new BatchTooLargeException(String.valueOf(e.getMessage()), e);
      } catch (BrokenDeviceException e) {
        throw new DeviceLostException(name + " is lost: " + e.getMessage(), e);
      }
    };
  }

  @Override
  public int maxBatch(String variant) {
    return warm(variant).maxBatch();
  }

  @Override
  public Map<Integer, Duration> measured(String variant) {
    return warm(variant).times();
  }

  @Override
  public void close() {
    runners.values().forEach(warm -> warm.runner().close());
  }

  private WarmRunner warm(String variant) {
    WarmRunner warm = runners.get(variant);
    if (warm == null) {
      throw new IllegalArgumentException(
          "variant: %s (expected: one of %s)".formatted(variant, runners.keySet()));
    }
    return warm;
  }
}
