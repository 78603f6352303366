package dev.phistream.bench;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.phistream.inference.OnnxEngine;
import dev.phistream.model.ModelException;
import dev.phistream.model.OnnxFormat;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;

/**
 * An ONNX model for pixels, run by ONNX Runtime's own API without DJL: what the engine {@code
 * onnxruntime} is measured against. Thread-safe.
 */
public final class BareOnnx implements AutoCloseable {
  private static final int COLOURS = 3;

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final int resolution;

  private BareOnnx(Path file, int resolution, int threads) throws OrtException {
    this.resolution = resolution;
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      this.session = environment.createSession(file.toString(), options);
    }
  }

  /**
   * Loads a model.
   *
   * @param file of {@link dev.phistream.model.ModelExport#onnx}
   * @param threads that share the work of a batch
   * @throws ModelException if ONNX Runtime cannot load it
   */
  public static BareOnnx open(Path file, int resolution, int threads) throws ModelException {
    // DJL insists on being the first to start ONNX Runtime.
    OnnxEngine.start(1);
    try {
      return new BareOnnx(file, resolution, threads);
    } catch (OrtException e) {
      throw new ModelException(
          "%s: ONNX Runtime cannot load it: %s".formatted(file, e.getMessage()), e);
    }
  }

  /**
   * Runs a batch.
   *
   * @param pixels a direct buffer of {@code count} images, 3×H×W uint8 each
   * @return a row of logits per image
   */
  public float[][] logits(ByteBuffer pixels, int count) {
    long[] shape = {count, COLOURS, resolution, resolution};
    try (OnnxTensor batch =
            OnnxTensor.createTensor(environment, pixels, shape, OnnxJavaType.UINT8);
        OrtSession.Result result = session.run(Map.of(OnnxFormat.INPUT, batch))) {
      return (float[][]) result.get(0).getValue();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime: " + e.getMessage(), e);
    }
  }
}
