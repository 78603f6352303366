package dev.phistream.bench;

import dev.phistream.inference.ComputeDevice;
import dev.phistream.inference.EngineVersions;
import dev.phistream.inference.Engines;
import dev.phistream.inference.GpuSettings;
import dev.phistream.inference.InferenceEngine;
import dev.phistream.inference.NetworkRunner;
import dev.phistream.inference.OnnxEngine;
import dev.phistream.model.Model;
import dev.phistream.model.ModelException;
import dev.phistream.model.Op;
import java.util.ArrayList;
import java.util.List;

/** An engine with runners of one model side by side. Not thread-safe. */
final class LoadedEngine implements AutoCloseable {
  private final InferenceEngine engine;
  private final boolean bare;
  private final int workers;
  private final List<NetworkRunner> runners = new ArrayList<>();

  /**
   * Starts an engine.
   *
   * @param workers runners side by side
   * @param maxBatch the largest batch that they will be given
   */
  LoadedEngine(String name, int workers, int maxBatch) throws ModelException {
    this.bare = name.equals(EngineOptions.BARE);
    this.engine = Engines.start(bare ? OnnxEngine.NAME : name, workers, GpuSettings.upTo(maxBatch));
    this.workers = workers;
  }

  String version() {
    return EngineVersions.of(engine.name());
  }

  /** As the engines divide the cores. */
  int threadsPerRunner() {
    return Math.max(1, Runtime.getRuntime().availableProcessors() / workers);
  }

  /** The runners of the last {@link #load}. */
  List<NetworkRunner> runners() {
    return List.copyOf(runners);
  }

  /** Frees what is loaded and loads a model once for each worker, or once on a GPU: it has one. */
  void load(Model model, String device) throws ModelException {
    close();
    ComputeDevice where = device(device);
    int count = where.kind() == ComputeDevice.Kind.GPU ? 1 : workers;
    for (int i = 0; i < count; i++) {
      runners.add(
          bare
              ? BareRunner.load(model, threadsPerRunner())
              : engine.load(model, Op.InputType.PIXELS, where));
    }
  }

  @Override
  public void close() {
    runners.forEach(NetworkRunner::close);
    runners.clear();
  }

  private ComputeDevice device(String name) {
    List<ComputeDevice> devices = engine.devices();
    return devices.stream()
        .filter(device -> device.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "device: %s (expected for engine %s on this machine: one of %s)"
                        .formatted(
                            name,
                            engine.name(),
                            String.join(
                                ", ", devices.stream().map(ComputeDevice::name).toList()))));
  }
}
