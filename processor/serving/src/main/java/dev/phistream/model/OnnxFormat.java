package dev.phistream.model;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes inference graphs as ONNX models. The input is called {@value #INPUT} and is N×3×H×W with
 * any N, the output is called {@value #OUTPUT} and is N×classes; weights are called {@code
 * NODE.weight} and {@code NODE.bias}.
 *
 * <p>Operator set {@value #OPERATOR_SET} and format {@value #IR_VERSION} are those of ONNX 1.8, so
 * that ONNX Runtime 1.6 and whatever came after the end of 2020 can read them. The weights stand in
 * the file itself, which ends at 2 GiB; the largest published EfficientNet takes 266 MB.
 */
public final class OnnxFormat {
  /** The graph's input. */
  public static final String INPUT = "data";

  /** The graph's output. */
  public static final String OUTPUT = "logits";

  private static final int IR_VERSION = 7;
  private static final int OPERATOR_SET = 13;
  private static final String PRODUCER = "phistream";
  private static final String BATCH = "N";
  private static final int COLOURS = 3;

  // Field numbers and enumerations of https://github.com/onnx/onnx/blob/v1.8.0/onnx/onnx.proto.
  private static final int MODEL_IR_VERSION = 1;
  private static final int MODEL_PRODUCER_NAME = 2;
  private static final int MODEL_GRAPH = 7;
  private static final int MODEL_OPSET_IMPORT = 8;
  private static final int MODEL_METADATA_PROPS = 14;
  private static final int OPERATOR_SET_VERSION = 2;
  private static final int PROPERTY_KEY = 1;
  private static final int PROPERTY_VALUE = 2;
  private static final int GRAPH_NODE = 1;
  private static final int GRAPH_NAME = 2;
  private static final int GRAPH_INITIALIZER = 5;
  private static final int GRAPH_INPUT = 11;
  private static final int GRAPH_OUTPUT = 12;
  private static final int NODE_INPUT = 1;
  private static final int NODE_OUTPUT = 2;
  private static final int NODE_NAME = 3;
  private static final int NODE_OP_TYPE = 4;
  private static final int NODE_ATTRIBUTE = 5;
  private static final int ATTRIBUTE_NAME = 1;
  private static final int ATTRIBUTE_I = 3;
  private static final int ATTRIBUTE_INTS = 8;
  private static final int ATTRIBUTE_TYPE = 20;
  private static final int ATTRIBUTE_TYPE_INT = 2;
  private static final int ATTRIBUTE_TYPE_INTS = 7;
  private static final int TENSOR_DIMS = 1;
  private static final int TENSOR_DATA_TYPE = 2;
  private static final int TENSOR_NAME = 8;
  private static final int TENSOR_RAW_DATA = 9;
  private static final int VALUE_NAME = 1;
  private static final int VALUE_TYPE = 2;
  private static final int TYPE_TENSOR = 1;
  private static final int TENSOR_TYPE_ELEMENT = 1;
  private static final int TENSOR_TYPE_SHAPE = 2;
  private static final int SHAPE_DIMENSION = 1;
  private static final int DIMENSION_VALUE = 1;
  private static final int DIMENSION_PARAMETER = 2;
  private static final int FLOAT = 1;
  private static final int UINT8 = 2;
  private static final int INT8 = 3;
  private static final int INT32 = 6;

  /** Of a bias among sums of 32 bits. */
  private static final float MOST_BIAS = 1 << 28;

  private static final float SIGMOID_SCALE = 1 / 255f;

  private final int resolution;
  private final ProtobufMessage graph = new ProtobufMessage().add(GRAPH_NAME, PRODUCER);
  private final Map<String, String> outputs = new HashMap<>();

  private OnnxFormat(int resolution) {
    this.resolution = resolution;
  }

  /**
   * Writes a model.
   *
   * @param resolution H and W of the input
   * @param properties facts about the model by name, for whoever reads it
   * @throws IllegalArgumentException if the graph is one for training
   */
  public static void write(
      Graph graph, int resolution, Map<String, String> properties, OutputStream out)
      throws IOException {
    ProtobufMessage model = model(new OnnxFormat(resolution).graph(graph));
    properties.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            property ->
                model.add(
                    MODEL_METADATA_PROPS,
                    new ProtobufMessage()
                        .add(PROPERTY_KEY, property.getKey())
                        .add(PROPERTY_VALUE, property.getValue())));
    model.writeTo(out);
  }

  /**
   * Writes a model that also gives the least and the greatest value of each float node: outputs
   * {@code NODE.ReduceMin} and {@code NODE.ReduceMax}.
   */
  public static void writeWithRanges(Graph graph, int resolution, OutputStream out)
      throws IOException {
    OnnxFormat format = new OnnxFormat(resolution);
    format.graph(graph);
    for (Graph.Node node : graph.nodes()) {
      if (!(node.op() instanceof Op.Input)) {
        format.extreme("ReduceMin", node);
        format.extreme("ReduceMax", node);
      }
    }
    model(format.graph).writeTo(out);
  }

  private void extreme(String type, Graph.Node node) {
    String name = node.name() + "." + type;
    operation(type, name, List.of(attribute("keepdims", 0)), output(node));
    graph.add(GRAPH_OUTPUT, value(name, FLOAT, new ProtobufMessage()));
  }

  private static ProtobufMessage model(ProtobufMessage graph) {
    return new ProtobufMessage()
        .add(MODEL_IR_VERSION, IR_VERSION)
        .add(MODEL_PRODUCER_NAME, PRODUCER)
        .add(MODEL_GRAPH, graph)
        .add(MODEL_OPSET_IMPORT, new ProtobufMessage().add(OPERATOR_SET_VERSION, OPERATOR_SET));
  }

  private ProtobufMessage graph(Graph source) {
    Graph.Node last = source.nodes().get(source.nodes().size() - 1);
    for (Graph.Node node : source.nodes()) {
      String output = node.name();
      if (node.op() instanceof Op.Input) {
        output = INPUT;
      } else if (node.name().equals(last.name())) {
        output = OUTPUT;
      }
      add(node, output, node.inputs().stream().map(this::output).toArray(String[]::new));
      outputs.put(node.name(), output);
    }
    return graph;
  }

  private String output(Graph.Node node) {
    return Graph.made(outputs, node);
  }

  private void add(Graph.Node node, String output, String... inputs) {
    Op op = node.op();
    if (op instanceof Op.Input input) {
      int type = input.type() == Op.InputType.PIXELS ? UINT8 : FLOAT;
      graph.add(GRAPH_INPUT, value(output, type, COLOURS, resolution, resolution));
    } else if (op instanceof Op.ToFloat) {
      operation("Cast", output, List.of(attribute("to", FLOAT)), inputs);
    } else if (op instanceof Op.Convolution convolution) {
      convolution(node, convolution, output, inputs[0]);
    } else if (op instanceof Op.Round round) {
      round(node.name(), round, inputs[0], output);
    } else if (op instanceof Op.Swish) {
      sigmoid(node, inputs[0]);
      operation("Mul", output, List.of(), inputs[0], node.name() + ".gate");
    } else if (op instanceof Op.Relu) {
      operation("Relu", output, List.of(), inputs);
    } else if (op instanceof Op.Clip clip) {
      String least = initializer(node.name() + ".min", scalar(clip.least()));
      String most = initializer(node.name() + ".max", scalar(clip.most()));
      operation("Clip", output, List.of(), inputs[0], least, most);
    } else if (op instanceof Op.MaxPool pool) {
      operation(
          "MaxPool",
          output,
          windows(pool.kernel(), pool.stride(), pool.before(), pool.after()),
          inputs);
    } else if (op instanceof Op.Sigmoid) {
      operation("Sigmoid", output, List.of(), inputs);
    } else if (op instanceof Op.GlobalAveragePool) {
      operation("GlobalAveragePool", output, List.of(), inputs);
    } else if (op instanceof Op.ScaleChannels) {
      operation("Mul", output, List.of(), inputs);
    } else if (op instanceof Op.Add) {
      operation("Add", output, List.of(), inputs);
    } else if (op instanceof Op.Linear linear) {
      linear(node.name(), linear, output, inputs[0]);
    } else {
      throw new IllegalArgumentException(
          "operation %s: %s (expected: one of an inference graph)"
              .formatted(node.name(), op.getClass().getSimpleName()));
    }
  }

  /** Of integers if what it reads is rounded: only then does ONNX Runtime make it so. */
  private void sigmoid(Graph.Node swish, String input) {
    String gate = swish.name() + ".gate";
    if (swish.inputs().get(0).op() instanceof Op.Round) {
      operation("Sigmoid", gate + ".exact", List.of(), input);
      round(gate, new Op.Round(SIGMOID_SCALE, 0), gate + ".exact", gate);
    } else {
      operation("Sigmoid", gate, List.of(), input);
    }
  }

  private void round(String name, Op.Round op, String input, String output) {
    String scale = initializer(name + ".scale", scalar(op.scale()));
    String zero = initializer(name + ".zero", UINT8, List.of(), new byte[] {(byte) op.zero()});
    operation("QuantizeLinear", name + ".levels", List.of(), input, scale, zero);
    operation("DequantizeLinear", output, List.of(), name + ".levels", scale, zero);
  }

  private void convolution(Graph.Node node, Op.Convolution op, String output, String input) {
    String name = node.name();
    Tensor weight = op.weight();
    int before = op.padding();
    if (before > 0 && LeadingZeros.in(weight)) {
      weight = LeadingZeros.cut(weight);
      before--;
    }
    List<ProtobufMessage> attributes =
        new ArrayList<>(windows(weight.shape().get(2), op.stride(), before, op.padding()));
    attributes.add(attribute("group", op.groups()));
    Tensor bias = op.bias();
    if (node.inputs().get(0).op() instanceof Op.Round round && bias != null) {
      roundedWeights(name, weight, bias, round.scale());
      operation("Conv", output, attributes, input, name + ".weight", name + ".bias");
      return;
    }
    String kernel = initializer(name + ".weight", weight);
    if (bias == null) {
      operation("Conv", output, attributes, input, kernel);
    } else {
      operation("Conv", output, attributes, input, kernel, initializer(name + ".bias", bias));
    }
  }

  /** Weights as int8 with a scale per output channel, and the bias as int32 to add to sums. */
  private void roundedWeights(String name, Tensor weight, Tensor bias, float inputScale) {
    int channels = weight.shape().get(0);
    int perChannel = weight.values().length / channels;
    float[] scales = new float[channels];
    float[] biasScales = new float[channels];
    byte[] levels = new byte[weight.values().length];
    ByteBuffer biasLevels =
        ByteBuffer.allocate(channels * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int channel = 0; channel < channels; channel++) {
      // Of a channel whose weights are next to nothing, the bias would not fit into 32 bits.
      float least = Math.abs(bias.values()[channel]) / (MOST_BIAS * inputScale);
      int from = channel * perChannel;
      scales[channel] =
          Math.max(RoundedWeights.scale(weight.values(), from, from + perChannel), least);
      biasScales[channel] = Math.max(Float.MIN_NORMAL, scales[channel] * inputScale);
      for (int i = from; i < from + perChannel; i++) {
        levels[i] = (byte) Math.round(weight.values()[i] / scales[channel]);
      }
      biasLevels.putInt(Math.round(bias.values()[channel] / biasScales[channel]));
    }
    scaled(name + ".weight", INT8, weight.shape(), levels, scales);
    scaled(name + ".bias", INT32, bias.shape(), biasLevels.array(), biasScales);
  }

  /** Integers times a scale per channel. */
  private void scaled(String output, int type, List<Integer> shape, byte[] levels, float[] scales) {
    operation(
        "DequantizeLinear",
        output,
        List.of(attribute("axis", 0)),
        initializer(output + ".levels", type, shape, levels),
        initializer(output + ".scale", Tensor.vector(scales)));
  }

  private void linear(String name, Op.Linear op, String output, String input) {
    operation("Flatten", name + ".flat", List.of(attribute("axis", 1)), input);
    operation(
        "Gemm",
        output,
        List.of(attribute("transB", 1)),
        name + ".flat",
        initializer(name + ".weight", op.weight()),
        initializer(name + ".bias", op.bias()));
    if (output.equals(OUTPUT)) {
      graph.add(GRAPH_OUTPUT, value(output, FLOAT, op.bias().shape().get(0)));
    }
  }

  private void operation(
      String type, String output, List<ProtobufMessage> attributes, String... inputs) {
    ProtobufMessage node = new ProtobufMessage();
    for (String input : inputs) {
      node.add(NODE_INPUT, input);
    }
    node.add(NODE_OUTPUT, output).add(NODE_NAME, output).add(NODE_OP_TYPE, type);
    attributes.forEach(attribute -> node.add(NODE_ATTRIBUTE, attribute));
    graph.add(GRAPH_NODE, node);
  }

  private String initializer(String name, Tensor tensor) {
    ProtobufMessage message = new ProtobufMessage();
    tensor.shape().forEach(size -> message.add(TENSOR_DIMS, size));
    message
        .add(TENSOR_DATA_TYPE, FLOAT)
        .add(TENSOR_NAME, name)
        .add(TENSOR_RAW_DATA, tensor.values());
    graph.add(GRAPH_INITIALIZER, message);
    return name;
  }

  private String initializer(String name, int type, List<Integer> shape, byte[] values) {
    ProtobufMessage message = new ProtobufMessage();
    shape.forEach(size -> message.add(TENSOR_DIMS, size));
    message.add(TENSOR_DATA_TYPE, type).add(TENSOR_NAME, name).add(TENSOR_RAW_DATA, values);
    graph.add(GRAPH_INITIALIZER, message);
    return name;
  }

  /** What convolutions and pools have in common. */
  private static List<ProtobufMessage> windows(int kernel, int stride, int before, int after) {
    return List.of(
        attribute("kernel_shape", kernel, kernel),
        attribute("pads", before, before, after, after),
        attribute("strides", stride, stride));
  }

  private static Tensor scalar(double value) {
    return new Tensor(List.of(), new float[] {(float) value});
  }

  private static ProtobufMessage attribute(String name, int value) {
    return new ProtobufMessage()
        .add(ATTRIBUTE_NAME, name)
        .add(ATTRIBUTE_I, value)
        .add(ATTRIBUTE_TYPE, ATTRIBUTE_TYPE_INT);
  }

  private static ProtobufMessage attribute(String name, int... values) {
    ProtobufMessage attribute = new ProtobufMessage().add(ATTRIBUTE_NAME, name);
    for (int value : values) {
      attribute.add(ATTRIBUTE_INTS, value);
    }
    return attribute.add(ATTRIBUTE_TYPE, ATTRIBUTE_TYPE_INTS);
  }

  /** A tensor's name and type, whose first dimension is the batch. */
  private static ProtobufMessage value(String name, int type, int... sizes) {
    ProtobufMessage shape =
        new ProtobufMessage()
            .add(SHAPE_DIMENSION, new ProtobufMessage().add(DIMENSION_PARAMETER, BATCH));
    for (int size : sizes) {
      shape.add(SHAPE_DIMENSION, new ProtobufMessage().add(DIMENSION_VALUE, size));
    }
    return value(name, type, shape);
  }

  private static ProtobufMessage value(String name, int type, ProtobufMessage shape) {
    ProtobufMessage tensor =
        new ProtobufMessage().add(TENSOR_TYPE_ELEMENT, type).add(TENSOR_TYPE_SHAPE, shape);
    return new ProtobufMessage()
        .add(VALUE_NAME, name)
        .add(VALUE_TYPE, new ProtobufMessage().add(TYPE_TENSOR, tensor));
  }
}
