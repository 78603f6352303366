package dev.phistream.inference;

import dev.phistream.model.ModelException;
import java.util.List;

/** The engines by name. */
public final class Engines {
  /** Every name, the default first. */
  public static final List<String> NAMES = List.of(MxnetEngine.NAME, OnnxEngine.NAME);

  private Engines() {}

  /**
   * Starts an engine.
   *
   * @param name one of {@link #NAMES}
   * @param sideBySide runners that will run on the CPU at the same time; the cores are divided
   *     among them
   * @param gpu how runners use GPUs
   * @throws IllegalArgumentException for another name, or a setting that the engine cannot keep
   * @throws ModelException when the engine has no native library for this machine
   */
  public static InferenceEngine start(String name, int sideBySide, GpuSettings gpu)
      throws ModelException {
    return switch (name) {
      case MxnetEngine.NAME -> {
        if (gpu.memoryLimit().isPresent()) {
          throw new IllegalArgumentException(
              "gpu.memory-limit: %d bytes (expected: none with engine mxnet, which cannot keep one; engine onnxruntime can)"
                  .formatted(gpu.memoryLimit().getAsLong()));
        }
        if (gpu.tf32()) {
          throw new IllegalArgumentException(
              "gpu.tf32: true (expected: false with engine mxnet, which has no choice of it; engine onnxruntime has)");
        }
        yield MxnetEngine.start(sideBySide);
      }
      case OnnxEngine.NAME -> OnnxEngine.start(sideBySide, gpu);
      default ->
          throw new IllegalArgumentException(
              "engine: %s (expected: one of %s)".formatted(name, String.join(", ", NAMES)));
    };
  }

  /** The same for the CPU, or for single images on GPUs. */
  public static InferenceEngine start(String name, int sideBySide) throws ModelException {
    return start(name, sideBySide, GpuSettings.upTo(1));
  }
}
