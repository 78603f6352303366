package dev.phistream.inference;

import dev.phistream.model.ModelException;
import java.util.List;
import java.util.OptionalLong;

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
   * @param gpuMemoryLimit bytes that each runner may take of its GPU; ONNX Runtime alone takes it
   * @throws IllegalArgumentException for another name, or a limit that the engine cannot keep
   * @throws ModelException when the engine has no native library for this machine
   */
  public static InferenceEngine start(String name, int sideBySide, OptionalLong gpuMemoryLimit)
      throws ModelException {
    return switch (name) {
      case MxnetEngine.NAME -> {
        if (gpuMemoryLimit.isPresent()) {
          throw new IllegalArgumentException(
              "gpu.memory-limit: %d bytes (expected: none with engine mxnet, which cannot keep one; engine onnxruntime can)"
                  .formatted(gpuMemoryLimit.getAsLong()));
        }
        yield MxnetEngine.start(sideBySide);
      }
      case OnnxEngine.NAME -> OnnxEngine.start(sideBySide, gpuMemoryLimit);
      default ->
          throw new IllegalArgumentException(
              "engine: %s (expected: one of %s)".formatted(name, String.join(", ", NAMES)));
    };
  }

  /** The same without a limit of GPU memory. */
  public static InferenceEngine start(String name, int sideBySide) throws ModelException {
    return start(name, sideBySide, OptionalLong.empty());
  }
}
