package dev.phistream.weights;

import dev.phistream.model.ModelException;
import dev.phistream.model.Safetensors;
import dev.phistream.model.Tensor;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Tells the formats of weight files apart by their first bytes, and reads named tensors. */
final class WeightFile {
  /** Formats. */
  enum Format {
    /** Hugging Face's. */
    SAFETENSORS,
    /** {@code torch.save} since PyTorch 1.6. */
    TORCH,
    /** {@code torch.save} before that. */
    TORCH_LEGACY,
    /** Keras 1 and 2. */
    HDF5,
    /** Keras 3. */
    KERAS,
    /** TensorFlow Lite. */
    TFLITE,
    /** Any other; ONNX has nothing at its beginning that tells. */
    OTHER
  }

  private static final byte[] ZIP = {'P', 'K', 3, 4};
  private static final byte[] HDF5 = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
  private static final byte[] TFLITE = "TFL3".getBytes(StandardCharsets.US_ASCII);

  /** A pickle of protocol 2 that begins with PyTorch's magic number. */
  private static final byte[] LEGACY = {(byte) 0x80, 2, (byte) 0x8a, 10, 'l', (byte) 0xfc};

  private static final int HEAD = 16;

  private WeightFile() {}

  /** What a file is. */
  static Format format(Path file) throws IOException {
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(HEAD);
    }
    if (starts(head, 0, HDF5)) {
      return Format.HDF5;
    }
    if (starts(head, 4, TFLITE)) {
      return Format.TFLITE;
    }
    if (starts(head, 0, LEGACY)) {
      return Format.TORCH_LEGACY;
    }
    if (starts(head, 0, ZIP)) {
      try (ZipFile zip = new ZipFile(file.toFile())) {
        return zip.getEntry("model.weights.h5") == null ? Format.TORCH : Format.KERAS;
      } catch (ZipException e) {
        return Format.TORCH; // cut off: its reader says so
      }
    }
    boolean safetensors =
        head.length > Long.BYTES
            && head[Long.BYTES] == '{'
            && ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getLong() <= Files.size(file);
    return safetensors || file.toString().endsWith(".safetensors")
        ? Format.SAFETENSORS
        : Format.OTHER;
  }

  /**
   * Reads the tensors of a file that has names for them.
   *
   * @throws ModelException when the file is damaged or of no format that has names
   */
  static Map<String, Tensor> read(Path file, Format format) throws IOException, ModelException {
    try {
      return switch (format) {
        case SAFETENSORS -> Safetensors.read(file);
        case TORCH -> TorchFile.readZip(file);
        case TORCH_LEGACY -> TorchFile.readLegacy(file);
        case HDF5 -> KerasFile.readHdf5(file);
        case KERAS -> KerasFile.readArchive(file);
        case TFLITE, OTHER ->
            throw new ModelException(
                file
                    + ": not a file of named tensors (expected: safetensors, PyTorch's .pth, or"
                    + " Keras' .h5 or .keras)");
      };
    } catch (EOFException | ZipException e) {
      throw new ModelException(
          "%s: %s (expected: a whole zip, as torch.save and Keras write it)"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  private static boolean starts(byte[] head, int at, byte[] with) {
    return head.length >= at + with.length
        && Arrays.equals(head, at, at + with.length, with, 0, with.length);
  }
}
