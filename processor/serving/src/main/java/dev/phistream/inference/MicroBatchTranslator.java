package dev.phistream.inference;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslatorContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Makes one N×3×H×W array of N images, and N rows of logits of the network's output. Its buffer is
 * kept from batch to batch, so that it is not thread-safe.
 */
final class MicroBatchTranslator implements NoBatchifyTranslator<List<byte[]>, List<float[]>> {
  private static final int COLOURS = 3;

  private final DataType type;
  private final int resolution;
  private ByteBuffer buffer = ByteBuffer.allocateDirect(0);

  MicroBatchTranslator(DataType type, int resolution) {
    this.type = type;
    this.resolution = resolution;
  }

  @Override
  public NDList processInput(TranslatorContext context, List<byte[]> images) {
    int imageBytes = COLOURS * resolution * resolution * type.getNumOfBytes();
    ByteBuffer batch = buffer(images.size() * imageBytes);
    for (byte[] image : images) {
      if (image.length != imageBytes) {
        throw new IllegalArgumentException(
            "image: %d bytes (expected: %d, 3×%d×%d %s)"
                .formatted(image.length, imageBytes, resolution, resolution, type));
      }
      batch.put(image);
    }
    NDArray input =
        context
            .getNDManager()
            .create(batch.flip(), new Shape(images.size(), COLOURS, resolution, resolution), type);
    input.setName("data");
    return new NDList(input);
  }

  @Override
  public List<float[]> processOutput(TranslatorContext context, NDList output) {
    NDArray logits = output.singletonOrThrow();
    float[] all = logits.toFloatArray();
    int count = (int) logits.getShape().get(0);
    int classes = all.length / count;
    List<float[]> rows = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      rows.add(Arrays.copyOfRange(all, i * classes, (i + 1) * classes));
    }
    return rows;
  }

  private ByteBuffer buffer(int bytes) {
    if (buffer.capacity() < bytes) {
      buffer = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }
    return buffer.clear().limit(bytes);
  }
}
