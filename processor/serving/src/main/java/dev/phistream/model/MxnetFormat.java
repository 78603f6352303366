package dev.phistream.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes graphs as MXNet 1.x models: {@code NAME-symbol.json} and {@code NAME-0000.params}. The
 * input is called {@code data}; parameters are called {@code NODE.weight}, {@code NODE.bias},
 * {@code NODE.running_mean} and {@code NODE.running_var}.
 */
public final class MxnetFormat {
  private static final ObjectMapper JSON = new ObjectMapper();

  // MXNet's NDArray list format, as src/ndarray/ndarray.cc reads it.
  private static final long LIST_MAGIC = 0x112;
  private static final int ARRAY_MAGIC_V2 = 0xF993FAC9;
  private static final int DENSE = 0;
  private static final int CPU = 1;
  private static final int FLOAT32 = 0;

  /** Part of a running statistic that a training step keeps. */
  private static final double BATCH_NORM_MOMENTUM = 0.95;

  private final ArrayNode nodes = JSON.createArrayNode();
  private final Map<String, Integer> outputs = new HashMap<>();
  private final Map<String, Tensor> parameters = new LinkedHashMap<>();
  private final ArrayNode arguments = JSON.createArrayNode();

  private final boolean training;

  private MxnetFormat(boolean training) {
    this.training = training;
  }

  /**
   * Writes both files.
   *
   * @param directory exists
   * @param name prefix of the files
   */
  public static void write(Graph graph, Path directory, String name) throws IOException {
    boolean training = graph.nodes().stream().anyMatch(node -> node.op() instanceof Op.BatchNorm);
    write(graph, directory, name, new MxnetFormat(training));
  }

  /** The same for a graph whose gradients are wanted, whether it shows that by itself or not. */
  public static void writeForTraining(Graph graph, Path directory, String name) throws IOException {
    write(graph, directory, name, new MxnetFormat(true));
  }

  private static void write(Graph graph, Path directory, String name, MxnetFormat format)
      throws IOException {
    String symbol = format.symbol(graph);
    Files.writeString(directory.resolve(name + "-symbol.json"), symbol);
    try (OutputStream out =
        new BufferedOutputStream(
            Files.newOutputStream(directory.resolve(name + "-0000.params")), 1 << 16)) {
      format.writeParameters(out);
    }
  }

  private String symbol(Graph graph) {
    int last = 0;
    for (Graph.Node node : graph.nodes()) {
      int[] inputs = node.inputs().stream().mapToInt(this::output).toArray();
      last = add(node.name(), node.op(), inputs);
      outputs.put(node.name(), last);
    }
    ObjectNode symbol = JSON.createObjectNode();
    symbol.set("nodes", nodes);
    symbol.set("arg_nodes", arguments);
    ArrayNode rowPointers = symbol.putArray("node_row_ptr");
    for (int i = 0; i <= nodes.size(); i++) {
      rowPointers.add(i);
    }
    symbol.putArray("heads").addArray().add(last).add(0).add(0);
    symbol.putObject("attrs").putArray("mxnet_version").add("int").add(10900);
    return symbol.toPrettyString();
  }

  private int output(Graph.Node node) {
    return Graph.made(outputs, node);
  }

  private int add(String name, Op op, int... inputs) {
    if (op instanceof Op.Input) {
      return variable(name);
    }
    if (op instanceof Op.ToFloat) {
      return node("Cast", name, Map.of("dtype", "float32"), inputs);
    }
    if (op instanceof Op.Convolution convolution) {
      return convolution(name, convolution, inputs[0]);
    }
    if (op instanceof Op.BatchNorm norm) {
      return batchNorm(name, norm, inputs[0]);
    }
    if (op instanceof Op.Dropout dropout) {
      return node("Dropout", name, Map.of("p", String.valueOf(dropout.rate())), inputs);
    }
    if (op instanceof Op.DropBranch drop) {
      return node(
          "Dropout", name, Map.of("p", String.valueOf(drop.rate()), "axes", "(1, 2, 3)"), inputs);
    }
    if (op instanceof Op.Swish) {
      return swish(name, inputs[0]);
    }
    if (op instanceof Op.Relu) {
      return node("Activation", name, Map.of("act_type", "relu"), inputs);
    }
    if (op instanceof Op.Clip clip) {
      return node(
          "clip",
          name,
          Map.of("a_min", String.valueOf(clip.least()), "a_max", String.valueOf(clip.most())),
          inputs);
    }
    if (op instanceof Op.MaxPool pool) {
      return maxPool(name, pool, inputs[0]);
    }
    if (op instanceof Op.Sigmoid) {
      return node("Activation", name, Map.of("act_type", "sigmoid"), inputs);
    }
    if (op instanceof Op.GlobalAveragePool && training) {
      // The gradient of Pooling costs a quarter of a training step.
      return node("mean", name, Map.of("axis", "(2, 3)", "keepdims", "True"), inputs);
    }
    if (op instanceof Op.GlobalAveragePool) {
      return node(
          "Pooling",
          name,
          Map.of("global_pool", "True", "kernel", "(1, 1)", "pool_type", "avg"),
          inputs);
    }
    if (op instanceof Op.ScaleChannels) {
      return node("broadcast_mul", name, Map.of(), inputs);
    }
    if (op instanceof Op.Gate) {
      // The gradient of softplus, dy · sigmoid(x), made of dy, softplus(x) and x; oneDNN does
      // without the second.
      return node(
          "_backward_Activation",
          name,
          Map.of("act_type", "softrelu"),
          inputs[0],
          inputs[0],
          inputs[1]);
    }
    if (op instanceof Op.Spread spread) {
      return node(
          "broadcast_to",
          name,
          Map.of("shape", "(0, 0, %d, %d)".formatted(spread.side(), spread.side())),
          inputs);
    }
    if (op instanceof Op.Add) {
      return node("elemwise_add", name, Map.of(), inputs);
    }
    if (op instanceof Op.Linear linear) {
      return node(
          "FullyConnected",
          name,
          Map.of(
              "flatten", "True",
              "no_bias", "False",
              "num_hidden", String.valueOf(linear.weight().shape().get(0))),
          inputs[0],
          parameter(name + ".weight", linear.weight()),
          parameter(name + ".bias", linear.bias()));
    }
    throw new IllegalArgumentException("operation: " + op + " (expected: one that MXNet has)");
  }

  private int convolution(String name, Op.Convolution op, int input) {
    int kernel = op.weight().shape().get(2);
    Map<String, String> attributes =
        Map.of(
            "kernel", pair(kernel),
            "no_bias", op.bias() == null ? "True" : "False",
            "num_filter", String.valueOf(op.weight().shape().get(0)),
            "num_group", String.valueOf(op.groups()),
            "pad", pair(op.padding()),
            "stride", pair(op.stride()));
    int weight = parameter(name + ".weight", op.weight());
    Tensor bias = op.bias();
    return bias == null
        ? node("Convolution", name, attributes, input, weight)
        : node("Convolution", name, attributes, input, weight, parameter(name + ".bias", bias));
  }

  private int batchNorm(String name, Op.BatchNorm op, int input) {
    return node(
        "BatchNorm",
        name,
        Map.of(
            "eps",
            String.valueOf(op.eps()),
            "fix_gamma",
            "False",
            "momentum",
            String.valueOf(BATCH_NORM_MOMENTUM),
            "use_global_stats",
            "False"),
        input,
        parameter(name + ".weight", op.gamma()),
        parameter(name + ".bias", op.beta()),
        statistic(name + ".running_mean", op.mean()),
        statistic(name + ".running_var", op.variance()));
  }

  /** With the odd zero after: 'full' windows may reach beyond the end, by less than the stride. */
  private int maxPool(String name, Op.MaxPool op, int input) {
    return node(
        "Pooling",
        name,
        Map.of(
            "kernel", pair(op.kernel()),
            "stride", pair(op.stride()),
            "pad", pair(op.before()),
            "pool_type", "max",
            "pooling_convention", op.after() == op.before() ? "valid" : "full"),
        input);
  }

  /** Flattened, because oneDNN then leaves the blocked layout once instead of twice. */
  private int swish(String name, int input) {
    int flat = node("Reshape", name + "_flat", Map.of("shape", "(0, 0, -1)"), input);
    int gate = node("sigmoid", name + "_gate", Map.of(), flat);
    int product = node("elemwise_mul", name + "_product", Map.of(), flat, gate);
    return node("reshape_like", name, Map.of(), product, input);
  }

  private int variable(String name) {
    int index = node("null", name, Map.of());
    arguments.add(index);
    return index;
  }

  private int parameter(String name, Tensor tensor) {
    parameters.put("arg:" + name, tensor);
    return variable(name);
  }

  /** What MXNet calls an auxiliary state: its operator changes it, no gradient does. */
  private int statistic(String name, Tensor tensor) {
    parameters.put("aux:" + name, tensor);
    return variable(name);
  }

  private int node(String op, String name, Map<String, String> attributes, int... inputs) {
    ObjectNode node = nodes.addObject().put("op", op).put("name", name);
    if (!attributes.isEmpty()) {
      ObjectNode attrs = node.putObject("attrs");
      attributes.entrySet().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(attribute -> attrs.put(attribute.getKey(), attribute.getValue()));
    }
    ArrayNode edges = node.putArray("inputs");
    for (int input : inputs) {
      edges.addArray().add(input).add(0).add(0);
    }
    return nodes.size() - 1;
  }

  private static String pair(int value) {
    return "(%d, %d)".formatted(value, value);
  }

  private void writeParameters(OutputStream out) throws IOException {
    out.write(longs(LIST_MAGIC, 0, parameters.size()));
    for (Tensor tensor : parameters.values()) {
      List<Integer> shape = tensor.shape();
      int header = 6 * Integer.BYTES + shape.size() * Long.BYTES;
      byte[] bytes = new byte[header + tensor.values().length * Float.BYTES];
      ByteBuffer array = littleEndian(bytes);
      array.putInt(ARRAY_MAGIC_V2).putInt(DENSE).putInt(shape.size());
      shape.forEach(size -> array.putLong(size));
      array.putInt(CPU).putInt(0).putInt(FLOAT32);
      array.asFloatBuffer().put(tensor.values());
      out.write(bytes);
    }
    out.write(longs(parameters.size()));
    for (String name : parameters.keySet()) {
      byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
      out.write(longs(bytes.length));
      out.write(bytes);
    }
  }

  private static byte[] longs(long... values) {
    byte[] bytes = new byte[values.length * Long.BYTES];
    littleEndian(bytes).asLongBuffer().put(values);
    return bytes;
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
