package dev.phistream.weights;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.phistream.model.ModelException;
import dev.phistream.model.Tensor;
import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Weights of Keras: HDF5 files of Keras 1 and 2, of weights alone or of whole models, and {@code
 * .keras} archives of Keras 3. Tensors are called {@code layer.weight}, such as {@code
 * stem_conv.kernel} or {@code stem_bn.moving_mean}. Only weights are read: a model's functions and
 * classes are neither loaded nor run.
 */
final class KerasFile {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int DEEPEST = 16;
  private static final int MOST_NODES = 50_000;
  private static final int LONGEST_CONFIG = 64 << 20;
  private static final long LEAST_LIMIT = 16L << 20;

  /** HDF5 may compress; so many times a file's size is the most that its tensors may take. */
  private static final int MOST_GROWTH = 8;

  /** What Keras 3 puts where a layer's variables are, in its order. */
  private static final Map<String, List<String>> VARIABLES =
      Map.of(
          "Conv2D", List.of("kernel", "bias"),
          "DepthwiseConv2D", List.of("depthwise_kernel", "bias"),
          "Dense", List.of("kernel", "bias"),
          "BatchNormalization", List.of("gamma", "beta", "moving_mean", "moving_variance"),
          "Normalization", List.of("mean", "variance", "count"));

  /** What a group of the file is: its layer and the names of its variables. */
  private record LayerOf(String name, List<String> variables) {}

  private final String place;
  private final Map<String, LayerOf> layers;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private long budget;
  private int nodes;

  private KerasFile(String place, Map<String, LayerOf> layers, long bytes) {
    this.place = place;
    this.layers = layers;
    this.budget = Math.max(LEAST_LIMIT, MOST_GROWTH * bytes);
  }

  /** Reads an HDF5 file. */
  static Map<String, Tensor> readHdf5(Path file) throws IOException, ModelException {
    KerasFile reader = new KerasFile(file.toString(), Map.of(), Files.size(file));
    try (HdfFile hdf = new HdfFile(file)) {
      return reader.read(hdf);
    } catch (RuntimeException | StackOverflowError e) {
      throw reader.damaged(e);
    }
  }

  /** Reads an archive of Keras 3. */
  static Map<String, Tensor> readArchive(Path file) throws IOException, ModelException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      Map<String, LayerOf> layers =
          layers(entry(file, zip, "config.json", LONGEST_CONFIG), file.toString());
      byte[] weights =
          entry(
              file, zip, "model.weights.h5", MOST_GROWTH * Math.max(LEAST_LIMIT, Files.size(file)));
      KerasFile reader = new KerasFile(file.toString(), layers, weights.length);
      try (HdfFile hdf = HdfFile.fromByteBuffer(ByteBuffer.wrap(weights))) {
        return reader.read(hdf);
      } catch (RuntimeException | StackOverflowError e) {
        throw reader.damaged(e);
      }
    }
  }

  private static byte[] entry(Path file, ZipFile zip, String name, long most)
      throws IOException, ModelException {
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      throw new ModelException(
          "%s: %s is missing in the archive (expected: a file of Keras' model.save)"
              .formatted(file, name));
    }
    int limit = (int) Math.min(most, Integer.MAX_VALUE - 8);
    try (InputStream in = zip.getInputStream(entry)) {
      byte[] bytes = in.readNBytes(limit);
      if (in.read() >= 0) {
        throw new ModelException(
            "%s: %s is larger than %d bytes (expected: at most %d times the archive)"
                .formatted(file, name, limit, MOST_GROWTH));
      }
      return bytes;
    }
  }

  /** Groups are called by class and count, {@code conv2d_3}; newer ones by the layer's name. */
  private static Map<String, LayerOf> layers(byte[] config, String place)
      throws IOException, ModelException {
    JsonNode list;
    try {
      list = JSON.readTree(config).path("config").path("layers");
    } catch (JacksonException e) {
      throw new ModelException(place + ": config.json is no JSON (expected: Keras' config)", e);
    }
    Map<String, LayerOf> layers = new HashMap<>();
    Map<String, Integer> counts = new HashMap<>();
    for (JsonNode layer : list) {
      String type = layer.path("class_name").asText();
      String group = snakeCase(type);
      int count = counts.merge(group, 1, Integer::sum) - 1;
      List<String> variables = VARIABLES.get(type);
      String name = layer.path("config").path("name").asText(layer.path("name").asText());
      if (variables != null && !name.isEmpty()) {
        LayerOf known = new LayerOf(name, variables);
        layers.put(count == 0 ? group : group + "_" + count, known);
        layers.put(name, known);
      }
    }
    if (layers.isEmpty()) {
      throw new ModelException(
          place
              + ": config.json has no convolutions (expected: a model of keras.applications, not"
              + " one within another)");
    }
    return layers;
  }

  private static String snakeCase(String type) {
    return type.replaceAll("(.)([A-Z][a-z]+)", "$1_$2")
        .replaceAll("([a-z])([A-Z])", "$1_$2")
        .toLowerCase(Locale.ROOT);
  }

  private Map<String, Tensor> read(HdfFile file) throws ModelException {
    walk(file, new ArrayList<>());
    if (tensors.isEmpty()) {
      throw new ModelException(place + ": no tensors (expected: weights of Keras, .h5 or .keras)");
    }
    return tensors;
  }

  private void walk(Group group, List<String> path) throws ModelException {
    if (path.size() > DEEPEST) {
      throw new ModelException(
          "%s: groups more than %d deep (expected: weights of Keras)".formatted(place, DEEPEST));
    }
    for (Map.Entry<String, Node> child : group.getChildren().entrySet()) {
      if (++nodes > MOST_NODES) {
        throw new ModelException(
            "%s: more than %d groups (expected: weights of Keras)".formatted(place, MOST_NODES));
      }
      if (child.getValue().isLink()) {
        continue; // it may lead out of the file
      }
      path.add(child.getKey());
      if (child.getValue() instanceof Group inner) {
        walk(inner, path);
      } else if (child.getValue() instanceof Dataset dataset && path.size() > 1) {
        take(dataset, path);
      }
      path.remove(path.size() - 1);
    }
  }

  private void take(Dataset dataset, List<String> path) throws ModelException {
    String leaf = path.get(path.size() - 1).replaceFirst(":0$", "");
    String layer = path.get(path.size() - 2);
    if (path.contains("optimizer_weights") || path.contains("optimizer")) {
      return;
    }
    if (layer.equals("vars") && path.size() > 2) {
      LayerOf known = layers.get(path.get(path.size() - 3));
      if (known == null) {
        if (layers.isEmpty()) {
          throw new ModelException(
              place
                  + ": weights without layers' names (expected: Keras 3 files that"
                  + " model.save(\"….keras\") wrote, which hold config.json too)");
        }
        return;
      }
      int index = leaf.matches("\\d{1,3}") ? Integer.parseInt(leaf) : Integer.MAX_VALUE;
      if (index >= known.variables().size()) {
        return;
      }
      layer = known.name();
      leaf = known.variables().get(index);
    }
    String name = layer + "." + leaf;
    float[] values = values(dataset, name);
    if (values.length > 0) {
      tensors.put(
          name, new Tensor(Arrays.stream(dataset.getDimensions()).boxed().toList(), values));
    }
  }

  /** The values; none of what is not floating-point. */
  private float[] values(Dataset dataset, String name) throws ModelException {
    Class<?> type = dataset.getJavaType();
    if ((type != float.class && type != double.class) || dataset.isCompound()) {
      return new float[0];
    }
    long size = dataset.getSize();
    budget -= Math.max(0, size) * Float.BYTES;
    if (size < 0 || size > Integer.MAX_VALUE - 8 || budget < 0) {
      throw new ModelException(
          "%s: tensor %s of %d values is too large for the file (expected: at most %d times its size in all)"
              .formatted(place, name, size, MOST_GROWTH));
    }
    Object flat = dataset.getDataFlat();
    if (!flat.getClass().isArray()) {
      return new float[] {((Number) flat).floatValue()};
    }
    float[] values = new float[Array.getLength(flat)];
    for (int i = 0; i < values.length; i++) {
      values[i] = flat instanceof float[] floats ? floats[i] : (float) Array.getDouble(flat, i);
    }
    return values;
  }

  /** The library says in many ways that a file is damaged. */
  private ModelException damaged(Throwable cause) {
    return new ModelException(
        "%s: not readable as HDF5: %s (expected: weights of Keras)"
            .formatted(place, cause.getMessage()),
        cause);
  }
}
