package dev.phistream.training;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import dev.phistream.model.Graph;
import dev.phistream.model.MxnetFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** A graph that MXNet runs on the CPU, through DJL. For one thread. */
final class SymbolicNetwork implements AutoCloseable {
  private static final String NAME = "network";

  private final Model model;
  private final int resolution;

  private SymbolicNetwork(Model model, int resolution) {
    this.model = model;
    this.resolution = resolution;
  }

  /**
   * Loads a graph.
   *
   * @param resolution side of its input, in pixels
   */
  static SymbolicNetwork load(Graph graph, int resolution) throws IOException {
    Path directory = Files.createTempDirectory("phistream-network-");
    Model model = Model.newInstance(NAME, Device.cpu(), "MXNet");
    try {
      MxnetFormat.write(graph, directory, NAME);
      model.load(directory, NAME);
      return new SymbolicNetwork(model, resolution);
    } catch (MalformedModelException | IOException | RuntimeException e) {
      model.close();
      throw e instanceof IOException io ? io : new IOException("MXNet refused the graph", e);
    } finally {
      Files.deleteIfExists(directory.resolve(NAME + "-symbol.json"));
      Files.deleteIfExists(directory.resolve(NAME + "-0000.params"));
      Files.delete(directory);
    }
  }

  Model model() {
    return model;
  }

  /** N×3×side×side uint8 of as many pictures as the bytes hold. */
  static NDArray input(NDManager manager, byte[] pixels, int side) {
    long count = pixels.length / (3L * side * side);
    return manager.create(
        ByteBuffer.wrap(pixels), new Shape(count, 3, side, side), DataType.UINT8);
  }

  /**
   * Runs pictures through.
   *
   * @param pixels N×3×H×W uint8
   * @return N × classes logits, row by row
   */
  float[] logits(byte[] pixels) {
    try (NDManager manager = model.getNDManager().newSubManager()) {
      NDList output =
          model
              .getBlock()
              .forward(
                  new ParameterStore(manager, false),
                  new NDList(input(manager, pixels, resolution)),
                  false);
      return output.singletonOrThrow().toFloatArray();
    }
  }

  @Override
  public void close() {
    model.close();
  }
}
