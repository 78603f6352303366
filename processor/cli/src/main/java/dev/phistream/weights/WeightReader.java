package dev.phistream.weights;

import dev.phistream.image.Interpolation;
import dev.phistream.image.Preprocessing;
import dev.phistream.image.ResizeMode;
import dev.phistream.model.BoundedFile;
import dev.phistream.model.ModelException;
import dev.phistream.model.Padding;
import dev.phistream.model.Safetensors;
import dev.phistream.model.Tensor;
import dev.phistream.model.WeightConventions;
import dev.phistream.repository.Catalogue;
import dev.phistream.repository.ImportOptions;
import dev.phistream.repository.NamedNetwork;
import dev.phistream.repository.RepositoryException;
import dev.phistream.repository.WeightHints;
import dev.phistream.weights.WeightFile.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads weights that other programs wrote: torchvision and EfficientNet-PyTorch ({@code .pth} or
 * safetensors), transformers, Keras ({@code .h5}, {@code .keras}) and TensorFlow Lite.
 */
public final class WeightReader {
  private static final WeightConventions TENSORFLOW = new WeightConventions(Padding.SAME, 1e-3);
  private static final List<Float> HALF = List.of(0.5f, 0.5f, 0.5f);
  private static final double USUAL_CROP = 0.875;

  /**
   * Short edges to which torchvision resizes before the crop, where they differ from the crop; by
   * variant.
   */
  private static final Map<String, Integer> TORCHVISION_EDGES =
      Map.of("b0", 256, "b1", 256, "b3", 320, "b4", 384);

  private static final Map<String, Integer> TORCHVISION_SIZES = Map.of("b2", 288);

  /**
   * Weights by the names that they have here.
   *
   * @param hints what the file or its program tells of them
   */
  public record ForeignWeights(Map<String, Tensor> tensors, WeightHints hints) {}

  private WeightReader() {}

  /**
   * Reads a file.
   *
   * @param options may name the network; otherwise all networks are tried
   * @return empty for safetensors that need no conversion
   * @throws ModelException when the file is damaged, does more than hold weights, or is of none of
   *     the networks
   * @throws RepositoryException when it cannot be read, or the network is not known
   */
  public static Optional<ForeignWeights> read(Path file, ImportOptions options)
      throws ModelException, RepositoryException {
    List<NamedNetwork> candidates = NamedNetwork.candidates(options);
    try {
      if (Files.size(file) > BoundedFile.mostWeights()) {
        throw new ModelException(
            "%s: %d bytes (expected: at most %d, what this program's memory takes; give it more with JAVA_OPTS=-Xmx…)"
                .formatted(file, Files.size(file), BoundedFile.mostWeights()));
      }
      Format format = WeightFile.format(file);
      if (format == Format.TFLITE) {
        return Optional.of(tflite(file, candidates));
      }
      if (format == Format.OTHER) {
        throw new ModelException(
            file
                + ": neither safetensors, nor a file of PyTorch, Keras or TensorFlow Lite"
                + " (expected: one of these; plain ONNX models come with --card)");
      }
      Map<String, Tensor> tensors = WeightFile.read(file, format);
      Optional<Converter.Converted> converted =
          new Converter(tensors, file.toString()).convert(candidates);
      if (converted.isPresent()) {
        return Optional.of(
            new ForeignWeights(converted.get().tensors(), hints(file, converted.get(), tensors)));
      }
      if (format == Format.SAFETENSORS) {
        return Optional.empty();
      }
      if (format == Format.HDF5 || format == Format.KERAS) {
        throw new ModelException(
            file
                + ": weights of a network that is not known here (expected: EfficientNet,"
                + " EfficientNetV2, MobileNet or MobileNetV2 of keras.applications)");
      }
      return Optional.of(
          new ForeignWeights(tensors, new WeightHints("PyTorch", null, null, List.of())));
    } catch (IOException e) {
      throw new RepositoryException(
          "%s: not readable: %s (expected: a file of weights)".formatted(file, e), e);
    }
  }

  /**
   * Reads weights of a network that takes blue, green, red, and makes them take red, green, blue.
   *
   * @throws ModelException as {@link #read}
   * @throws RepositoryException as {@link #read}
   */
  public static ForeignWeights readBlueFirst(Path file, ImportOptions options)
      throws ModelException, RepositoryException {
    Optional<ForeignWeights> converted = read(file, options);
    Map<String, Tensor> tensors;
    WeightHints hints = WeightHints.NONE;
    if (converted.isPresent()) {
      tensors = new LinkedHashMap<>(converted.get().tensors());
      hints = converted.get().hints();
    } else {
      try {
        tensors = new LinkedHashMap<>(Safetensors.read(file));
      } catch (IOException e) {
        throw new RepositoryException(
            "%s: not readable: %s (expected: a file of weights)".formatted(file, e), e);
      }
    }
    for (String stem : List.of("conv_stem.weight", "conv1.weight")) {
      Tensor weight = tensors.get(stem);
      if (weight != null && weight.shape().size() == 4 && weight.shape().get(1) == 3) {
        tensors.put(stem, exchanged(weight));
      }
    }
    List<String> notes = new ArrayList<>(hints.notes());
    notes.add("first convolution: its inputs blue and red are exchanged");
    return new ForeignWeights(
        tensors,
        new WeightHints(hints.program(), hints.conventions(), hints.preprocessing(), notes));
  }

  /** With the first input channel and the last exchanged. */
  private static Tensor exchanged(Tensor weight) {
    int plane = weight.shape().get(2) * weight.shape().get(3);
    float[] values = weight.values().clone();
    for (int out = 0; out < weight.shape().get(0); out++) {
      int first = out * 3 * plane;
      System.arraycopy(weight.values(), first, values, first + 2 * plane, plane);
      System.arraycopy(weight.values(), first + 2 * plane, values, first, plane);
    }
    return new Tensor(weight.shape(), values);
  }

  private static ForeignWeights tflite(Path file, List<NamedNetwork> candidates)
      throws IOException, ModelException {
    TfliteFile.Found found = TfliteFile.read(Files.readAllBytes(file), file.toString(), candidates);
    Double mean = found.mean();
    Double std = found.std();
    List<String> notes = new ArrayList<>();
    if (found.background()) {
      notes.add("class 0 of 1001, background: left out");
    }
    Preprocessing images;
    if (mean != null && std != null) {
      float m = mean.floatValue();
      float s = std.floatValue();
      images = new Preprocessing(found.size(), USUAL_CROP, List.of(m, m, m), List.of(s, s, s));
    } else {
      images = new Preprocessing(found.size(), USUAL_CROP, HALF, HALF);
      notes.add(
          "mean 0.5, std 0.5, crop 0.875, where not given: assumed; TFLite files with float inputs"
              + " do not tell");
    }
    return new ForeignWeights(
        found.tensors(),
        new WeightHints(
            "TensorFlow Lite",
            new WeightConventions(Padding.SAME, TfliteFile.BN_EPS),
            images,
            notes));
  }

  private static WeightHints hints(
      Path file, Converter.Converted converted, Map<String, Tensor> tensors) {
    String program = converted.naming().label();
    String name = String.valueOf(file.getFileName());
    NamedNetwork network = converted.network();
    return switch (converted.naming()) {
      case TORCHVISION, TORCHVISION_MOBILE ->
          new WeightHints(
              program,
              new WeightConventions(Padding.SYMMETRIC, torchvisionEps(network)),
              torchvision(network, name),
              List.of());
      case LUKEMELAS ->
          new WeightHints(
              program,
              TENSORFLOW,
              name.startsWith("adv-")
                  ? Preprocessing.imagenet(network.scaling().resolution(), USUAL_CROP)
                      .normalised(HALF, HALF)
                  : null,
              List.of());
      case TRANSFORMERS -> new WeightHints(program, TENSORFLOW, null, List.of());
      case KERAS, KERAS_V2, KERAS_MOBILE_V1, KERAS_MOBILE_V2 ->
          new WeightHints(program, TENSORFLOW, keras(converted, tensors), List.of());
    };
  }

  /** B5 to B7 and version 2 have TensorFlow's eps. */
  private static double torchvisionEps(NamedNetwork network) {
    return network.id().matches("b[567]|v2-.*") ? 1e-3 : 1e-5;
  }

  /** As torchvision's weight enumerations say. */
  private static Preprocessing torchvision(NamedNetwork network, String name) {
    String id = network.base();
    int size = TORCHVISION_SIZES.getOrDefault(id, network.scaling().resolution());
    int edge = TORCHVISION_EDGES.getOrDefault(id, size);
    boolean own = id.equals("b1") && !name.contains("rwightman");
    if (own) {
      edge = 255; // the set that torchvision trained itself
    }
    if (id.startsWith("mobilenet")) {
      edge = (int) Math.round(size / USUAL_CROP);
    }
    // A hair below: floor(size / crop) is the edge again.
    double crop = Math.min(1, Math.nextDown((double) size / edge));
    Preprocessing images = Preprocessing.imagenet(size, edge == size ? 1 : crop);
    if (own || id.equals("v2-s") || id.equals("v2-m") || id.startsWith("mobilenet")) {
      images = images.resized(Interpolation.BILINEAR, ResizeMode.SHORT_EDGE);
    }
    return id.equals("v2-l") ? images.normalised(HALF, HALF) : images;
  }

  /**
   * The published EfficientNets hold ImageNet's deviations as variances, and divide by the square
   * root of them twice; networks that others trained hold variances.
   */
  private static @Nullable Preprocessing keras(
      Converter.Converted converted, Map<String, Tensor> tensors) {
    NamedNetwork network = converted.network();
    int size = network.scaling().resolution();
    if (converted.naming() == Naming.KERAS_V2 && network.id().matches("v2-[sml]")) {
      float half = 128 / 255f; // x / 128 - 1
      return new Preprocessing(size, 1, List.of(half, half, half), List.of(half, half, half));
    }
    Tensor mean = tensors.get("normalization.mean");
    Tensor variance = tensors.get("normalization.variance");
    if (mean == null || variance == null || mean.values().length != 3) {
      return null;
    }
    List<Float> stds = new ArrayList<>();
    boolean deviations = variance.values()[0] > 0.1 && variance.values()[0] < 0.5;
    for (float value : variance.values()) {
      stds.add(deviations ? value : (float) Math.sqrt(value));
    }
    List<Float> means = new ArrayList<>();
    for (float value : mean.values()) {
      means.add(value);
    }
    double crop = network.isEfficientNet() ? cropOf(network) : USUAL_CROP;
    return new Preprocessing(size, crop, means, stds);
  }

  private static double cropOf(NamedNetwork network) {
    return Catalogue.find("tf_efficientnet_" + network.base() + ".aa_in1k")
        .map(set -> set.preprocessing().cropFraction())
        .orElse(USUAL_CROP);
  }
}
