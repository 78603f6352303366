package dev.phistream.inference;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.phistream.model.InferenceGraph;
import dev.phistream.model.Model;
import dev.phistream.model.ModelException;
import dev.phistream.model.OnnxFormat;
import dev.phistream.model.Op;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.commons.io.FileUtils;

/** ONNX Runtime through DJL, on the CPU. */
public final class OnnxEngine implements InferenceEngine {
  /** Its name. */
  public static final String NAME = "onnxruntime";

  private static final String DJL_NAME = "OnnxRuntime";
  private static final String PREFIX = "network";

  private final int threads;

  private OnnxEngine(int threads) {
    this.threads = threads;
  }

  /**
   * Loads the native library.
   *
   * @param sideBySide runners that will run at the same time; the cores are divided among them
   * @throws ModelException when there is no native library for this machine
   */
  public static OnnxEngine start(int sideBySide) throws ModelException {
    // DJL would start a second engine, MXNet, for arithmetic that runners do not do.
    System.setProperty("ai.djl.onnx.disable_alternative", "true");
    // Threads that all sessions share, of which DJL makes one per core: ours have their own.
    System.setProperty("ai.djl.onnxruntime.num_threads", "1");
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    try {
      Engine.getEngine(DJL_NAME);
      OrtEnvironment.getEnvironment().setTelemetry(false);
    } catch (EngineException | OrtException | LinkageError e) {
      throw new ModelException(
          "engine %s: its native library does not load on %s %s (expected: Linux, Windows or macOS on x86-64 or AArch64): %s"
              .formatted(
                  NAME,
                  System.getProperty("os.name"),
                  System.getProperty("os.arch"),
                  e.getMessage()),
          e);
    }
    return new OnnxEngine(Math.max(1, Runtime.getRuntime().availableProcessors() / sideBySide));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<ComputeDevice> devices() {
    return List.of(ComputeDevice.CPU);
  }

  @Override
  public NetworkRunner load(Model model, Op.InputType input, ComputeDevice device)
      throws ModelException {
    int resolution = model.card().network().resolution();
    try {
      Path directory = Files.createTempDirectory("phistream-model-");
      try {
        Path file = directory.resolve(PREFIX + ".onnx");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
          OnnxFormat.write(
              InferenceGraph.of(
                  model.card().network(),
                  model.weights(),
                  model.card().conventions(),
                  model.card().preprocessing(),
                  input),
              resolution,
              Map.of(),
              out);
        }
        return load(file, resolution, input);
      } finally {
        FileUtils.deleteDirectory(directory.toFile());
      }
    } catch (IOException | MalformedModelException | EngineException e) {
      throw new ModelException(
          "model %s: ONNX Runtime cannot load it: %s".formatted(model.card().id(), cause(e)), e);
    }
  }

  /** Loads an ONNX model; the file may go when it has returned. */
  private NetworkRunner load(Path file, int resolution, Op.InputType input)
      throws IOException, MalformedModelException {
    ai.djl.Model loaded = ai.djl.Model.newInstance(PREFIX, Device.cpu(), DJL_NAME);
    try {
      loaded.load(
          file,
          PREFIX,
          Map.of(
              "intraOpNumThreads", String.valueOf(threads),
              "interOpNumThreads", "1",
              "optLevel", "ALL_OPT"));
      return new DjlRunner(loaded, resolution, input);
    } catch (IOException | MalformedModelException | RuntimeException e) {
      loaded.close();
      throw e;
    }
  }

  /** DJL says only that it failed; ONNX Runtime says why. */
  private static String cause(Exception e) {
    return String.valueOf((e.getCause() == null ? e : e.getCause()).getMessage());
  }
}
