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
   * @throws IllegalArgumentException for another name
   * @throws ModelException when the engine has no native library for this machine
   */
  public static InferenceEngine start(String name, int sideBySide) throws ModelException {
    return switch (name) {
      case MxnetEngine.NAME -> MxnetEngine.start(sideBySide);
      case OnnxEngine.NAME -> OnnxEngine.start(sideBySide);
      default ->
          throw new IllegalArgumentException(
              "engine: %s (expected: one of %s)".formatted(name, String.join(", ", NAMES)));
    };
  }
}
