package dev.phistream.inference;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Which GPUs an engine can use here, and what keeps it from others. */
final class GpuSupport {
  private final boolean built;
  private final String build;
  private final Supplier<Gpus> driver;
  private final Predicate<Gpu> runs;
  private final String rule;

  /**
   * Asks nothing yet.
   *
   * @param built whether the engine's native library has GPU code
   * @param build how to get one that has
   * @param driver the GPU driver; asked only where its answer matters
   * @param runs which GPUs that library has code for
   * @param rule the same in words
   */
  GpuSupport(boolean built, String build, Supplier<Gpus> driver, Predicate<Gpu> runs, String rule) {
    this.built = built;
    this.build = build;
    this.driver = driver;
    this.runs = runs;
    this.rule = rule;
  }

  /** The devices: usable GPUs, and last the CPU. */
  List<ComputeDevice> devices() {
    List<ComputeDevice> devices = new ArrayList<>();
    if (built) {
      driver.get().visible().stream().filter(runs).map(Gpu::device).forEach(devices::add);
    }
    devices.add(ComputeDevice.CPU);
    return List.copyOf(devices);
  }

  /** What keeps the engine from using GPUs, each with its remedy; empty when nothing does. */
  List<String> obstacles() {
    List<String> obstacles = new ArrayList<>();
    Gpus gpus = driver.get();
    if (!gpus.obstacle().isEmpty()) {
      obstacles.add(gpus.obstacle());
    }
    if (!built) {
      obstacles.add(build);
    }
    gpus.visible().stream()
        .filter(runs.negate())
        .forEach(gpu -> obstacles.add("%s cannot be used (%s)".formatted(gpu, rule)));
    return List.copyOf(obstacles);
  }
}
