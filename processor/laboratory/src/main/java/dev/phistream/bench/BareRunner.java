package dev.phistream.bench;

import dev.phistream.inference.NetworkRunner;
import dev.phistream.model.Model;
import dev.phistream.model.ModelException;
import dev.phistream.model.ModelExport;
import dev.phistream.model.Op;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.io.FileUtils;

/** Bare ONNX Runtime in the place of an engine's runner. Not thread-safe. */
final class BareRunner implements NetworkRunner {
  private final BareOnnx session;
  private ByteBuffer buffer = ByteBuffer.allocateDirect(0);

  private BareRunner(BareOnnx session) {
    this.session = session;
  }

  static BareRunner load(Model model, int threads) throws ModelException {
    try {
      Path directory = Files.createTempDirectory("phistream-bench-");
      try {
        Path file = ModelExport.onnx(model, Op.InputType.PIXELS, directory).get(0);
        return new BareRunner(BareOnnx.open(file, model.card().network().resolution(), threads));
      } finally {
        FileUtils.deleteDirectory(directory.toFile());
      }
    } catch (IOException e) {
      throw new ModelException(
          "model %s: cannot be written as ONNX: %s".formatted(model.card().id(), e), e);
    }
  }

  @Override
  public List<float[]> logits(List<byte[]> images) {
    int bytes = images.stream().mapToInt(image -> image.length).sum();
    if (buffer.capacity() < bytes) {
      buffer = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }
    buffer.clear();
    images.forEach(buffer::put);
    return List.of(session.logits(buffer.flip(), images.size()));
  }

  @Override
  public void close() {
    session.close();
  }
}
