package dev.phistream.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An inference graph: operations in an order in which each comes after its inputs; the last is the
 * output.
 *
 * @param nodes at least one
 */
public record Graph(List<Node> nodes) {
  /** Copies the list. */
  public Graph {
    nodes = List.copyOf(nodes);
  }

  /**
   * An operation in its place. A node equals only itself: comparing inputs would follow each of the
   * ways to a node, whose number doubles with every block of a residual network.
   *
   * @param name unique in the graph
   * @param inputs earlier nodes of the graph
   */
  public record Node(String name, Op op, List<Node> inputs) {
    /** Copies the list. */
    public Node {
      inputs = List.copyOf(inputs);
    }

    @Override
    @SuppressWarnings("ReferenceEquality")
    public boolean equals(@Nullable Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  /**
   * What was made of an input, by name.
   *
   * @throws IllegalArgumentException if nothing was: the graph is not in order
   */
  static <T> T made(Map<String, T> made, Node input) {
    T of = made.get(input.name());
    if (of == null) {
      throw new IllegalArgumentException(input.name() + " stands after a node that needs it");
    }
    return of;
  }

  /** Collects nodes. */
  static final class Builder {
    private final List<Node> nodes = new ArrayList<>();

    Node add(String name, Op op, Node... inputs) {
      Node node = new Node(name, op, List.of(inputs));
      nodes.add(node);
      return node;
    }

    Graph build() {
      return new Graph(nodes);
    }
  }
}
