package dev.phistream.inference;

import ai.djl.engine.Engine;
import ai.onnxruntime.OrtEnvironment;

/** Versions of the engines' native libraries. */
public final class EngineVersions {
  private EngineVersions() {}

  /**
   * The version of an engine that has been started.
   *
   * @param name one of {@link Engines#NAMES}
   */
  public static String of(String name) {
    // DJL's engine for ONNX Runtime gives the version that it was built with.
    return name.equals(OnnxEngine.NAME)
        ? OrtEnvironment.getEnvironment().getVersion()
        : Engine.getEngine("MXNet").getVersion();
  }
}
