package dev.phistream.pipeline;

import dev.phistream.batching.BatchPredictor;
import dev.phistream.batching.Device;
import dev.phistream.inference.NetworkRunner;
import java.util.Map;

/**
 * A device with a runner of its own for each variant.
 *
 * @param name such as {@code cpu}
 * @param runners by variant
 */
public record RunnerDevice(String name, Map<String, NetworkRunner> runners)
    implements Device<byte[], float[]>, AutoCloseable {
  /** Copies the map. */
  public RunnerDevice {
    runners = Map.copyOf(runners);
  }

  @Override
  public BatchPredictor<byte[], float[]> predictor(String variant) {
    NetworkRunner runner = runners.get(variant);
    if (runner == null) {
      throw new IllegalArgumentException(
          "variant: %s (expected: one of %s)".formatted(variant, runners.keySet()));
    }
    return runner::logits;
  }

  @Override
  public void close() {
    runners.values().forEach(NetworkRunner::close);
  }
}
