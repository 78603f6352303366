package dev.phistream.app;

import dev.phistream.inference.Engines;
import dev.phistream.inference.MxnetEngine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which engine a command computes with. */
public final class EngineOption {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  private String name = MxnetEngine.NAME;

  @Option(
      names = "--engine",
      paramLabel = "E",
      defaultValue = MxnetEngine.NAME,
      description = "mxnet or onnxruntime (default: ${DEFAULT-VALUE}).")
  public void set(String engine) {
    if (!Engines.NAMES.contains(engine)) {
      throw new ParameterException(
          spec.commandLine(),
          "--engine: %s (expected: one of %s)".formatted(engine, String.join(", ", Engines.NAMES)));
    }
    name = engine;
  }

  public String name() {
    return name;
  }
}
