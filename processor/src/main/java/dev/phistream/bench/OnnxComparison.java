package dev.phistream.bench;

import dev.phistream.inference.ComputeDevice;
import dev.phistream.inference.InferenceException;
import dev.phistream.inference.NetworkRunner;
import dev.phistream.inference.OnnxEngine;
import dev.phistream.model.Model;
import dev.phistream.model.ModelException;
import dev.phistream.model.ModelExport;
import dev.phistream.model.Op;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.commons.io.FileUtils;

/**
 * The engine {@code onnxruntime} against bare ONNX Runtime: the same model, the same pictures and
 * all cores' threads, in turn in one process.
 */
public final class OnnxComparison {
  /** Threads of a session spin for a while after its run, and would take the next one's core. */
  private static final long PAUSE_MILLIS = 200;

  private static final long SEED = 1;

  private OnnxComparison() {}

  /**
   * What came out.
   *
   * @param engine images per second in each round
   * @param bare images per second in each round
   */
  public record Rates(List<Double> engine, List<Double> bare) {
    /** The median of the rounds' ratios. */
    public double ratio() {
      List<Double> ratios = new ArrayList<>();
      for (int i = 0; i < engine.size(); i++) {
        ratios.add(engine.get(i) / bare.get(i));
      }
      return Medians.of(ratios);
    }
  }

  private interface Batch {
    void run() throws InferenceException;
  }

  /**
   * Measures.
   *
   * @param batch pictures in a batch
   * @param batches in a round
   */
  public static Rates run(Model model, int batch, int batches, int rounds)
      throws IOException, ModelException, InferenceException, InterruptedException {
    int resolution = model.card().network().resolution();
    List<byte[]> pictures = pictures(batch, resolution);
    Path directory = Files.createTempDirectory("phistream-bench-");
    try {
      Path file = ModelExport.onnx(model, Op.InputType.PIXELS, directory).get(0);
      try (BareOnnx bare =
              BareOnnx.open(file, resolution, Runtime.getRuntime().availableProcessors());
          NetworkRunner engine =
              OnnxEngine.start(1).load(model, Op.InputType.PIXELS, ComputeDevice.CPU)) {
        ByteBuffer pixels = direct(pictures);
        Rates rates = new Rates(new ArrayList<>(), new ArrayList<>());
        for (int round = 0; round < rounds; round++) {
          rates.engine().add(rate(batch, batches, () -> engine.logits(pictures)));
          rates.bare().add(rate(batch, batches, () -> bare.logits(pixels.duplicate(), batch)));
        }
        return rates;
      }
    } finally {
      FileUtils.deleteDirectory(directory.toFile());
    }
  }

  private static double rate(int batch, int batches, Batch run)
      throws InferenceException, InterruptedException {
    Thread.sleep(PAUSE_MILLIS);
    run.run(); // wakes the threads, and in the first round makes room
    long started = System.nanoTime();
    for (int i = 0; i < batches; i++) {
      run.run();
    }
    return batch * batches * 1e9 / (System.nanoTime() - started);
  }

  private static List<byte[]> pictures(int count, int resolution) {
    Random random = new Random(SEED);
    List<byte[]> pictures = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] picture = new byte[3 * resolution * resolution];
      random.nextBytes(picture);
      pictures.add(picture);
    }
    return pictures;
  }

  private static ByteBuffer direct(List<byte[]> pictures) {
    ByteBuffer pixels =
        ByteBuffer.allocateDirect(pictures.size() * pictures.get(0).length)
            .order(ByteOrder.nativeOrder());
    pictures.forEach(pixels::put);
    return pixels.flip();
  }
}
