package dev.phistream.model;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Rewrites an inference graph for 8-bit integers: each map is followed by an {@link Op.Round}. ONNX
 * Runtime makes integer operations of what stands between two of them.
 *
 * <p>Floats stay where integers cost more than they bring: the normalisation of pixels, and the
 * last pool and classifier.
 */
public final class Int8Graph {
  /** The node whose range is that of normalised pixels. */
  static final String NORMALISED = "normalise";

  private static final Quantization.Range SHARE = new Quantization.Range(0, 1);

  private Int8Graph() {}

  /**
   * The graph of a model for ONNX Runtime: rewritten if its card says so.
   *
   * @throws ModelException if a range is missing
   */
  public static Graph of(Model model, Op.InputType input) throws ModelException {
    Graph graph = InferenceGraph.of(model, input);
    Quantization quantization = model.card().quantization();
    return quantization == null ? graph : of(graph, quantization);
  }

  private static Graph of(Graph graph, Quantization quantization) throws ModelException {
    Set<Graph.Node> floats = floats(graph);
    Set<Graph.Node> cut = cut(graph);
    Graph.Builder rewritten = new Graph.Builder();
    Map<String, Graph.Node> outputs = new HashMap<>();
    for (Graph.Node node : graph.nodes()) {
      Graph.Node[] inputs =
          node.inputs().stream()
              .map(input -> requireNonNull(outputs.get(input.name())))
              .toArray(Graph.Node[]::new);
      Graph.Node output = rewritten.add(node.name(), node.op(), inputs);
      if (!floats.contains(node) && !cut.contains(node)) {
        Quantization.Range range = range(node, quantization);
        output =
            rewritten.add(node.name() + ".int8", new Op.Round(range.scale(), range.zero()), output);
      }
      outputs.put(node.name(), output);
    }
    return rewritten.build();
  }

  private static Quantization.Range range(Graph.Node node, Quantization quantization)
      throws ModelException {
    if (node.op() instanceof Op.Sigmoid) {
      return SHARE;
    }
    return quantization.range(node.op() instanceof Op.Input ? NORMALISED : node.name());
  }

  /**
   * The nodes of which an activation cuts off most: their values have ten times its range, and
   * rounded before they are cut, few of 256 levels would be left. ONNX Runtime cuts integers by
   * rounding alone.
   */
  private static Set<Graph.Node> cut(Graph graph) {
    Map<Graph.Node, Boolean> cut = new HashMap<>();
    for (Graph.Node node : graph.nodes()) {
      boolean cuts = node.op() instanceof Op.Relu || node.op() instanceof Op.Clip;
      node.inputs().forEach(input -> cut.merge(input, cuts, Boolean::logicalAnd));
    }
    return cut.entrySet().stream()
        .filter(Map.Entry::getValue)
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The nodes whose values are not rounded. */
  private static Set<Graph.Node> floats(Graph graph) {
    Set<Graph.Node> floats = new HashSet<>();
    for (Graph.Node node : graph.nodes()) {
      if (node.op() instanceof Op.ToFloat) {
        floats.add(node);
        floats.addAll(node.inputs());
      } else if (node.op() instanceof Op.Linear) {
        floats.add(node);
        floats.addAll(node.inputs());
      }
    }
    return floats;
  }
}
