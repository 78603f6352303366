package dev.phistream.inference;

import ai.djl.engine.Engine;

/** Versions of the engines' native libraries. */
public final class EngineVersions {
  private EngineVersions() {}

  /**
   * The version of an engine that has been started.
   *
   * @param name one of {@link Engines#NAMES}
   */
  public static String of(String name) {
    return Engine.getEngine(name.equals(MxnetEngine.NAME) ? "MXNet" : "OnnxRuntime").getVersion();
  }
}
