package dev.phistream.weights;

import dev.phistream.model.HalfFloat;
import dev.phistream.model.ModelException;
import dev.phistream.model.Tensor;
import dev.phistream.weights.PickleReader.Storage;
import dev.phistream.weights.PickleReader.TensorView;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Files of {@code torch.save}: since PyTorch 1.6 a zip with a pickle and one entry per storage,
 * before that pickles and storages one after the other. The state dictionary may lie within the
 * dictionary of a checkpoint. Float16, bfloat16 and float64 come as float32; tensors of integers
 * ({@code num_batches_tracked}) are passed over.
 */
final class TorchFile {
  private static final int LONGEST_PICKLE = 64 << 20;
  private static final int DEEPEST = 8;
  private static final long LEGACY_VERSION = 1001;
  private static final List<String> STATES =
      List.of("state_dict", "model_state_dict", "model", "net", "weights");

  private final String place;
  private final Map<String, byte[]> storages = new HashMap<>();

  private TorchFile(String place) {
    this.place = place;
  }

  /**
   * Reads a zip.
   *
   * @throws ModelException when it is damaged, or its pickle does more than describe tensors
   */
  static Map<String, Tensor> readZip(Path file) throws IOException, ModelException {
    TorchFile reader = new TorchFile(file.toString());
    try (ZipFile zip = new ZipFile(file.toFile())) {
      ZipEntry pickle =
          zip.stream()
              .filter(entry -> entry.getName().matches("(.*/)?data\\.pkl"))
              .findFirst()
              .orElseThrow(
                  () ->
                      new ModelException(
                          file + ": no data.pkl in the zip (expected: a file of torch.save)"));
      String folder =
          pickle.getName().substring(0, pickle.getName().length() - "data.pkl".length());
      ZipEntry order = zip.getEntry(folder + "byteorder");
      if (order != null
          && !"little"
              .equals(new String(reader.bytes(zip, order, 16), StandardCharsets.US_ASCII))) {
        throw new ModelException(file + ": big-endian (expected: little-endian)");
      }
      Object root =
          new PickleReader(ByteBuffer.wrap(reader.bytes(zip, pickle, LONGEST_PICKLE)), reader.place)
              .read();
      Map<String, TensorView> views = reader.state(root);
      for (TensorView view : views.values()) {
        String key = view.storage().key();
        if (!reader.storages.containsKey(key) && width(view.storage()) > 0) {
          ZipEntry entry = zip.getEntry(folder + "data/" + key);
          if (entry == null) {
            throw new ModelException(
                "%s: storage %s is missing (expected: entry %sdata/%s)"
                    .formatted(file, key, folder, key));
          }
          reader.storages.put(key, reader.bytes(zip, entry, Integer.MAX_VALUE - 8));
        }
      }
      return reader.tensors(views);
    }
  }

  /** Reads the form from before PyTorch 1.6. */
  static Map<String, Tensor> readLegacy(Path file) throws IOException, ModelException {
    TorchFile reader = new TorchFile(file.toString());
    if (Files.size(file) > Integer.MAX_VALUE - 8) {
      throw new ModelException(
          file + ": larger than 2 GiB (expected: save it with PyTorch 1.6 or later)");
    }
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    PickleReader pickles = new PickleReader(in, reader.place);
    pickles.read(); // a magic number of ten bytes
    Object version = pickles.read();
    if (!Long.valueOf(LEGACY_VERSION).equals(version)) {
      throw new ModelException(
          "%s: version %s (expected: %d, a file of torch.save)"
              .formatted(file, version, LEGACY_VERSION));
    }
    pickles.read(); // sizes of the writer's C types
    Map<String, TensorView> views = reader.state(pickles.read());
    Map<String, Storage> known = new HashMap<>();
    views.values().forEach(view -> known.put(view.storage().key(), view.storage()));
    if (!(pickles.read() instanceof List<?> keys)) {
      throw new ModelException(file + ": no list of storages (expected: a file of torch.save)");
    }
    for (Object key : keys) {
      Storage storage = known.get(String.valueOf(key));
      if (storage == null) {
        throw new ModelException(
            "%s: storage %s is not of the weights (expected: save model.state_dict() alone)"
                .formatted(file, key));
      }
      reader.takeLegacy(in, storage);
    }
    return reader.tensors(views);
  }

  private void takeLegacy(ByteBuffer in, Storage storage) throws ModelException {
    int width = width(storage) > 0 ? width(storage) : integerWidth(storage);
    if (in.remaining() < Long.BYTES) {
      throw cutOff(storage);
    }
    long elements = in.getLong();
    if (elements < 0 || elements > in.remaining() / width) {
      throw cutOff(storage);
    }
    byte[] bytes = new byte[(int) elements * width];
    in.get(bytes);
    storages.put(storage.key(), bytes);
  }

  private ModelException cutOff(Storage storage) {
    return new ModelException(
        "%s: storage %s is cut off (expected: %d elements)"
            .formatted(place, storage.key(), storage.elements()));
  }

  /** An entry as it lies in the file: only what is not compressed cannot grow. */
  private byte[] bytes(ZipFile zip, ZipEntry entry, long most) throws IOException, ModelException {
    if (entry.getMethod() != ZipEntry.STORED || entry.getSize() > most || entry.getSize() < 0) {
      throw new ModelException(
          "%s: entry %s of %d bytes%s (expected: at most %d bytes, not compressed, as torch.save writes them)"
              .formatted(
                  place,
                  entry.getName(),
                  entry.getSize(),
                  entry.getMethod() == ZipEntry.STORED ? "" : ", compressed",
                  most));
    }
    try (InputStream in = zip.getInputStream(entry)) {
      return in.readAllBytes();
    }
  }

  /** The tensors of the state dictionary, which may lie in a checkpoint's. */
  private Map<String, TensorView> state(Object root) throws ModelException {
    Object state = root;
    for (int depth = 0; depth < DEEPEST && state instanceof Map<?, ?> map; depth++) {
      Map<String, TensorView> views = new LinkedHashMap<>();
      map.forEach(
          (key, value) -> {
            if (key instanceof String name && value instanceof TensorView view) {
              views.put(name, view);
            }
          });
      if (!views.isEmpty()) {
        return withoutPrefix(views);
      }
      state = inner(map);
    }
    throw new ModelException(
        place
            + ": no tensors (expected: a state dictionary; in Python:"
            + " torch.save(model.state_dict(), FILE))");
  }

  private static @Nullable Object inner(Map<?, ?> map) {
    for (String name : STATES) {
      Object inner = map.get(name);
      if (inner instanceof Map) {
        return inner;
      }
    }
    return null;
  }

  /** Without {@code module.} and the like, which wrappers put before every name. */
  private static Map<String, TensorView> withoutPrefix(Map<String, TensorView> views) {
    for (String prefix : List.of("module.", "_orig_mod.", "model.")) {
      if (views.keySet().stream().allMatch(name -> name.startsWith(prefix))) {
        Map<String, TensorView> shorter = new LinkedHashMap<>();
        views.forEach((name, view) -> shorter.put(name.substring(prefix.length()), view));
        return withoutPrefix(shorter);
      }
    }
    return views;
  }

  private Map<String, Tensor> tensors(Map<String, TensorView> views) throws ModelException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, TensorView> view : views.entrySet()) {
      if (width(view.getValue().storage()) > 0) {
        tensors.put(view.getKey(), tensor(view.getKey(), view.getValue()));
      }
    }
    return tensors;
  }

  private Tensor tensor(String name, TensorView view) throws ModelException {
    byte[] bytes = storages.get(view.storage().key());
    int width = width(view.storage());
    long available = bytes == null ? 0 : bytes.length / width;
    if (view.shape().size() != view.strides().size()) {
      throw wrong(name, view, available);
    }
    long elements = 1;
    long last = view.offset();
    List<Integer> shape = new ArrayList<>();
    try {
      for (int i = 0; i < view.shape().size(); i++) {
        long size = view.shape().get(i);
        elements = Math.multiplyExact(elements, size);
        last =
            Math.addExact(last, Math.multiplyExact(Math.max(0, size - 1), view.strides().get(i)));
        shape.add(Math.toIntExact(size));
      }
    } catch (ArithmeticException e) {
      throw wrong(name, view, available);
    }
    // A view repeats values where a stride is 0; weights never do.
    if (bytes == null || elements > available || (elements > 0 && last >= available)) {
      throw wrong(name, view, available);
    }
    float[] values = new float[(int) elements];
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int[] position = new int[shape.size()];
    for (int i = 0; i < values.length; i++) {
      long at = view.offset();
      for (int d = 0; d < position.length; d++) {
        at += position[d] * view.strides().get(d);
      }
      values[i] = value(in, view.storage(), (int) at * width);
      for (int d = position.length - 1; d >= 0 && ++position[d] == shape.get(d); d--) {
        position[d] = 0;
      }
    }
    return new Tensor(shape, values);
  }

  private static float value(ByteBuffer in, Storage storage, int at) {
    return switch (type(storage)) {
      case "Float" -> in.getFloat(at);
      case "Double" -> (float) in.getDouble(at);
      case "BFloat16" -> Float.intBitsToFloat(in.getShort(at) << 16);
      default -> HalfFloat.toFloat(in.getShort(at));
    };
  }

  private ModelException wrong(String name, TensorView view, long available) {
    return new ModelException(
        "%s: tensor %s of shape %s and strides %s from %d on (expected: within its storage of %d values)"
            .formatted(place, name, view.shape(), view.strides(), view.offset(), available));
  }

  /** Bytes of a floating-point value; 0 for integers. */
  private static int width(Storage storage) {
    return switch (type(storage)) {
      case "Float" -> Float.BYTES;
      case "Double" -> Double.BYTES;
      case "Half", "BFloat16" -> Short.BYTES;
      default -> 0;
    };
  }

  private static int integerWidth(Storage storage) {
    return switch (type(storage)) {
      case "Long" -> Long.BYTES;
      case "Int" -> Integer.BYTES;
      case "Short" -> Short.BYTES;
      default -> 1;
    };
  }

  /** {@code Float} of {@code torch.FloatStorage}. */
  private static String type(Storage storage) {
    return storage.type().replaceFirst("^torch\\.(?:cuda\\.)?", "").replaceFirst("Storage$", "");
  }
}
