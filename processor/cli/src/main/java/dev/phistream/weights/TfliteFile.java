package dev.phistream.weights;

import static java.util.Objects.requireNonNull;

import dev.phistream.model.HalfFloat;
import dev.phistream.model.Layer;
import dev.phistream.model.ModelException;
import dev.phistream.model.Network;
import dev.phistream.model.Tensor;
import dev.phistream.repository.NamedNetwork;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Classifiers in TensorFlow Lite's format, float or 8-bit. Their convolutions are taken in the
 * order in which they are computed and matched with a network's by their shapes. Weights of 8 bits
 * become floats: {@code scale · (q − zero)}, with a scale per tensor or per output channel. Field
 * numbers are those of TensorFlow's {@code schema.fbs}, version 3.
 */
final class TfliteFile {
  /** Batch normalisation is folded into the convolutions; this eps stands in for it. */
  static final double BN_EPS = 1e-3;

  private static final int MODEL_OPERATOR_CODES = 1;
  private static final int MODEL_SUBGRAPHS = 2;
  private static final int MODEL_BUFFERS = 4;
  private static final int CODE_OLD = 0;
  private static final int CODE = 3;
  private static final int GRAPH_TENSORS = 0;
  private static final int GRAPH_INPUTS = 1;
  private static final int GRAPH_OPERATORS = 3;
  private static final int TENSOR_SHAPE = 0;
  private static final int TENSOR_TYPE = 1;
  private static final int TENSOR_BUFFER = 2;
  private static final int TENSOR_NAME = 3;
  private static final int TENSOR_QUANTIZATION = 4;
  private static final int QUANTIZATION_SCALE = 2;
  private static final int QUANTIZATION_ZERO = 3;
  private static final int QUANTIZATION_DIMENSION = 6;
  private static final int OPERATOR_CODE = 0;
  private static final int OPERATOR_INPUTS = 1;
  private static final int OPERATOR_OUTPUTS = 2;
  private static final int BUFFER_DATA = 0;

  private static final int CONVOLUTION = 3;
  private static final int DEPTHWISE = 4;
  private static final int DEQUANTIZE = 6;
  private static final int FULLY_CONNECTED = 9;
  private static final int EXTENDED_CODE = 127;
  private static final int CUSTOM = 32;

  private static final int FLOAT32 = 0;
  private static final int FLOAT16 = 1;
  private static final int INT32 = 2;
  private static final int UINT8 = 3;
  private static final int INT8 = 9;

  /** Outputs of classifiers that have 'background' before ImageNet's classes. */
  private static final int WITH_BACKGROUND = 1001;

  private static final int REFERENCE = 4;

  /**
   * A convolution or linear layer.
   *
   * @param weight outputs, inputs, rows, columns; of linear layers, outputs and inputs
   * @param bias one per output
   */
  private record Step(String name, Tensor weight, Tensor bias) {}

  /**
   * What is in a file.
   *
   * @param tensors by their names here
   * @param size side of the input
   * @param mean that pixels are normalised with, in units of 0 to 1; null if the file does not say
   * @param std likewise
   * @param background whether a first class 'background' was left out
   */
  record Found(
      Map<String, Tensor> tensors,
      int size,
      @Nullable Double mean,
      @Nullable Double std,
      boolean background) {}

  private final String place;
  private final FlatBuffer.Vector buffers;
  private final FlatBuffer.Vector tensors;
  private final FlatBuffer.Table graph;
  private final List<Step> steps = new ArrayList<>();

  private TfliteFile(byte[] bytes, String place) throws ModelException {
    this.place = place;
    FlatBuffer.Table model = new FlatBuffer(bytes, place).root();
    this.buffers = model.vector(MODEL_BUFFERS, REFERENCE);
    FlatBuffer.Vector graphs = model.vector(MODEL_SUBGRAPHS, REFERENCE);
    if (graphs.length() != 1) {
      throw new ModelException(
          "%s: %d graphs (expected: 1, a classifier)".formatted(place, graphs.length()));
    }
    this.graph = graphs.table(0);
    this.tensors = graph.vector(GRAPH_TENSORS, REFERENCE);
    collect(model.vector(MODEL_OPERATOR_CODES, REFERENCE));
  }

  /**
   * Reads a file.
   *
   * @param candidates networks that it may be
   * @throws ModelException when it is damaged, or none of them
   */
  static Found read(byte[] bytes, String place, List<NamedNetwork> candidates)
      throws ModelException {
    TfliteFile file = new TfliteFile(bytes, place);
    if (file.steps.isEmpty()) {
      throw new ModelException(
          place
              + ": no convolutions (expected: a classifier; models for Edge TPUs are compiled, use"
              + " those they were made of)");
    }
    int outputs = file.steps.get(file.steps.size() - 1).bias().values().length;
    for (NamedNetwork candidate : candidates) {
      Optional<Map<String, Tensor>> tensors = file.matched(candidate.network(outputs));
      if (tensors.isPresent()) {
        return file.found(tensors.get(), candidate.network(outputs), outputs);
      }
    }
    throw new ModelException(
        "%s: %d convolutions of %s, then %s, … (expected: those of a network that models show knows, or --variant and --width)"
            .formatted(
                place,
                file.steps.size(),
                file.steps.get(0).weight().shape(),
                file.steps.get(Math.min(1, file.steps.size() - 1)).weight().shape()));
  }

  private Found found(Map<String, Tensor> weights, Network network, int outputs)
      throws ModelException {
    boolean background = outputs == WITH_BACKGROUND;
    Map<String, Tensor> kept = new LinkedHashMap<>(weights);
    if (background) {
      String classifier = network.layers().get(network.layers().size() - 1).name();
      for (String name : List.of(classifier + ".weight", classifier + ".bias")) {
        kept.put(name, withoutFirst(requireNonNull(weights.get(name))));
      }
    }
    FlatBuffer.Table input = tensors.table(graph.vector(GRAPH_INPUTS, Integer.BYTES).intAt(0));
    FlatBuffer.Vector shape = input.vector(TENSOR_SHAPE, Integer.BYTES);
    if (shape.length() != 4 || shape.intAt(1) != shape.intAt(2) || shape.intAt(3) != 3) {
      throw new ModelException(place + ": its input is no square image (expected: 1×N×N×3)");
    }
    float[] scale = scales(input);
    int type = input.byteAt(TENSOR_TYPE, 0);
    Double mean = null;
    Double std = null;
    if (scale.length == 1 && (type == UINT8 || type == INT8)) {
      // Pixels enter as they are, or less 128.
      double zero = zeros(input)[0] + (type == INT8 ? 128 : 0);
      mean = zero / 255;
      std = 1 / (255.0 * scale[0]);
    }
    return new Found(kept, shape.intAt(1), mean, std, background);
  }

  private static Tensor withoutFirst(Tensor tensor) {
    List<Integer> shape = new ArrayList<>(tensor.shape());
    int row = tensor.values().length / shape.get(0);
    shape.set(0, shape.get(0) - 1);
    return new Tensor(shape, Arrays.copyOfRange(tensor.values(), row, tensor.values().length));
  }

  /** The file's weights under the network's names, if all shapes are the network's. */
  private Optional<Map<String, Tensor>> matched(Network network) {
    List<Layer> layers =
        network.layers().stream()
            .filter(
                layer ->
                    layer.kind() instanceof Layer.Convolution
                        || layer.kind() instanceof Layer.Linear)
            .toList();
    if (layers.size() != steps.size()) {
      return Optional.empty();
    }
    Map<String, List<Integer>> shapes = network.tensors();
    Map<String, Tensor> named = new LinkedHashMap<>();
    for (int i = 0; i < layers.size(); i++) {
      String name = layers.get(i).name();
      List<Integer> shape = requireNonNull(shapes.get(name + ".weight"));
      Step step = steps.get(i);
      if (!Axes.withoutOnes(step.weight().shape()).equals(Axes.withoutOnes(shape))) {
        return Optional.empty();
      }
      named.put(name + ".weight", new Tensor(shape, step.weight().values()));
      String norm =
          layers.get(i).kind() instanceof Layer.Convolution convolution ? convolution.norm() : null;
      if (norm == null) {
        named.put(name + ".bias", step.bias());
      } else {
        int channels = step.bias().values().length;
        named.put(norm + ".weight", constant(channels, (float) Math.sqrt(1 + BN_EPS)));
        named.put(norm + ".bias", step.bias());
        named.put(norm + ".running_mean", constant(channels, 0));
        named.put(norm + ".running_var", constant(channels, 1));
      }
    }
    return Optional.of(named);
  }

  private static Tensor constant(int count, float value) {
    float[] values = new float[count];
    Arrays.fill(values, value);
    return Tensor.vector(values);
  }

  private void collect(FlatBuffer.Vector codes) throws ModelException {
    FlatBuffer.Vector operators = graph.vector(GRAPH_OPERATORS, REFERENCE);
    // Half floats are stored for a step that makes floats of them.
    Map<Integer, Integer> stored = new HashMap<>();
    for (int i = 0; i < operators.length(); i++) {
      FlatBuffer.Table operator = operators.table(i);
      int code = code(codes.table(operator.intAt(OPERATOR_CODE, 0)));
      FlatBuffer.Vector inputs = operator.vector(OPERATOR_INPUTS, Integer.BYTES);
      if (code == CUSTOM) {
        throw new ModelException(
            place
                + ": an operation of its own (expected: TensorFlow Lite's; models for Edge TPUs are"
                + " compiled, use those they were made of)");
      }
      if (code == DEQUANTIZE) {
        stored.put(operator.vector(OPERATOR_OUTPUTS, Integer.BYTES).intAt(0), inputs.intAt(0));
      } else if (code == CONVOLUTION || code == DEPTHWISE || code == FULLY_CONNECTED) {
        int weight = stored.getOrDefault(inputs.intAt(1), inputs.intAt(1));
        int bias = inputs.length() > 2 ? inputs.intAt(2) : -1;
        steps.add(step(code, inputs.intAt(0), weight, stored.getOrDefault(bias, bias)));
      }
    }
  }

  private static int code(FlatBuffer.Table code) throws ModelException {
    int old = code.byteAt(CODE_OLD, 0);
    return old == EXTENDED_CODE ? code.intAt(CODE, old) : Math.max(old, code.intAt(CODE, 0));
  }

  private Step step(int code, int input, int weight, int bias) throws ModelException {
    FlatBuffer.Table table = tensors.table(weight);
    Tensor theirs = values(table);
    Tensor ours = theirs;
    int rank = theirs.shape().size();
    if (code == CONVOLUTION && rank == 4) {
      ours = Axes.move(theirs, 0, 3, 1, 2);
    } else if (code == DEPTHWISE && rank == 4) {
      ours = Axes.move(theirs, 3, 0, 1, 2);
    } else if (code != FULLY_CONNECTED || rank != 2) {
      throw new ModelException(
          "%s: tensor %s has shape %s (expected: weights of a layer)"
              .formatted(place, table.text(TENSOR_NAME), theirs.shape()));
    }
    int outputs = ours.shape().get(0);
    Tensor biases = bias < 0 ? constant(outputs, 0) : values(tensors.table(bias), input, weight);
    if (biases.values().length != outputs) {
      throw new ModelException(
          "%s: tensor %s has %d values (expected: %d, one per output)"
              .formatted(
                  place, tensors.table(bias).text(TENSOR_NAME), biases.values().length, outputs));
    }
    return new Step(table.text(TENSOR_NAME), ours, Tensor.vector(biases.values()));
  }

  private Tensor values(FlatBuffer.Table tensor) throws ModelException {
    return values(tensor, scales(tensor), zeros(tensor));
  }

  /** A bias; older files leave out its scale, the product of those of input and weights. */
  private Tensor values(FlatBuffer.Table bias, int input, int weight) throws ModelException {
    float[] scales = scales(bias);
    if (scales.length == 0 && bias.byteAt(TENSOR_TYPE, 0) == INT32) {
      scales = scales(tensors.table(weight));
      float[] inputs = scales(tensors.table(input));
      for (int i = 0; i < scales.length; i++) {
        scales[i] *= inputs.length == 1 ? inputs[0] : Float.NaN;
      }
    }
    return values(bias, scales, zeros(bias));
  }

  private Tensor values(FlatBuffer.Table tensor, float[] scales, long[] zeros)
      throws ModelException {
    String name = tensor.text(TENSOR_NAME);
    List<Integer> shape = new ArrayList<>();
    FlatBuffer.Vector sizes = tensor.vector(TENSOR_SHAPE, Integer.BYTES);
    long elements = 1;
    for (int i = 0; i < sizes.length(); i++) {
      shape.add(sizes.intAt(i));
      elements = sizes.intAt(i) < 0 ? Long.MAX_VALUE : saturated(elements, sizes.intAt(i));
    }
    int type = tensor.byteAt(TENSOR_TYPE, 0);
    int width = width(type, name);
    byte[] data = buffers.table(tensor.intAt(TENSOR_BUFFER, 0)).vector(BUFFER_DATA, 1).bytes();
    if (data.length / width != elements || data.length % width != 0) {
      throw new ModelException(
          "%s: tensor %s of shape %s has %d bytes (expected: its values, in the file itself)"
              .formatted(place, name, shape, data.length));
    }
    ByteBuffer in = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    boolean integers = type != FLOAT32 && type != FLOAT16;
    int dimension = quantizedDimension(tensor);
    if (integers
        && (scales.length == 0
            || dimension < 0
            || dimension >= Math.max(1, shape.size())
            || (scales.length > 1 && scales.length != shape.get(dimension)))) {
      throw new ModelException(
          "%s: tensor %s of integers has %d scales (expected: one, or one per output)"
              .formatted(place, name, scales.length));
    }
    int inner =
        shape.isEmpty() ? 1 : (int) Tensor.elements(shape.subList(dimension + 1, shape.size()));
    float[] values = new float[(int) elements];
    for (int i = 0; i < values.length; i++) {
      int channel = scales.length > 1 ? i / inner % scales.length : 0;
      long zero = zeros.length > channel ? zeros[channel] : 0;
      values[i] =
          switch (type) {
            case FLOAT32 -> in.getFloat();
            case FLOAT16 -> HalfFloat.toFloat(in.getShort());
            case INT32 -> (float) ((double) scales[channel] * (in.getInt() - zero));
            case UINT8 -> scales[channel] * ((in.get() & 0xff) - zero);
            default -> scales[channel] * (in.get() - zero);
          };
    }
    return new Tensor(shape, values);
  }

  private static long saturated(long a, long b) {
    try {
      return Math.multiplyExact(a, b);
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE;
    }
  }

  private int width(int type, String name) throws ModelException {
    return switch (type) {
      case FLOAT32, INT32 -> 4;
      case FLOAT16 -> 2;
      case UINT8, INT8 -> 1;
      default ->
          throw new ModelException(
              "%s: tensor %s is of type %d (expected: float32, float16, int32, uint8 or int8)"
                  .formatted(place, name, type));
    };
  }

  private static float[] scales(FlatBuffer.Table tensor) throws ModelException {
    Optional<FlatBuffer.Table> quantization = tensor.table(TENSOR_QUANTIZATION);
    if (quantization.isEmpty()) {
      return new float[0];
    }
    FlatBuffer.Vector vector = quantization.get().vector(QUANTIZATION_SCALE, Float.BYTES);
    float[] scales = new float[vector.length()];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = vector.floatAt(i);
    }
    return scales;
  }

  private static long[] zeros(FlatBuffer.Table tensor) throws ModelException {
    Optional<FlatBuffer.Table> quantization = tensor.table(TENSOR_QUANTIZATION);
    if (quantization.isEmpty()) {
      return new long[] {0};
    }
    FlatBuffer.Vector vector = quantization.get().vector(QUANTIZATION_ZERO, Long.BYTES);
    long[] zeros = new long[Math.max(1, vector.length())];
    for (int i = 0; i < vector.length(); i++) {
      zeros[i] = vector.longAt(i);
    }
    return zeros;
  }

  private static int quantizedDimension(FlatBuffer.Table tensor) throws ModelException {
    Optional<FlatBuffer.Table> quantization = tensor.table(TENSOR_QUANTIZATION);
    return quantization.isEmpty() ? 0 : quantization.get().intAt(QUANTIZATION_DIMENSION, 0);
  }
}
