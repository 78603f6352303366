package dev.phistream.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.image.Preprocessing;
import dev.phistream.testkit.TinyModels;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The shape of the rewritten graph; EnginesTest shows that it computes the same. */
class OneDnnGraphTest {
  static Stream<Scaling> scalings() {
    return Stream.of(
        new Scaling(1, 0.3, 64), new Scaling(0.25, 0.4, 45), new Scaling(1.1, 0.3, 33));
  }

  @ParameterizedTest
  @MethodSource("scalings")
  void products_of_maps_are_all_gates(Scaling scaling) throws ModelException {
    // when
    Graph graph = rewritten(scaling);

    // then
    assertThat(graph.nodes())
        .extracting(Graph.Node::op)
        .hasAtLeastOneElementOfType(Op.Gate.class)
        .doesNotHaveAnyElementsOfTypes(Op.Swish.class, Op.ScaleChannels.class, Op.Sigmoid.class);
  }

  @ParameterizedTest
  @MethodSource("scalings")
  void no_gradient_flows_into_a_gate(Scaling scaling) throws ModelException {
    // when
    Graph graph = rewritten(scaling);

    // then
    for (Graph.Node node : graph.nodes()) {
      for (Graph.Node input : node.inputs()) {
        if (input.op() instanceof Op.Gate) {
          // An addition becomes part of the convolution before it.
          assertThat(node.op())
              .as(node.name())
              .isInstanceOfAny(Op.Convolution.class, Op.Gate.class, Op.Spread.class, Op.Add.class);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("scalings")
  void maps_of_sixteen_channels_and_more_have_whole_blocks(Scaling scaling) throws ModelException {
    // when
    List<Integer> channels =
        rewritten(scaling).nodes().stream()
            .filter(node -> node.op() instanceof Op.Convolution)
            .filter(node -> !(node.inputs().get(0).op() instanceof Op.GlobalAveragePool))
            .map(node -> ((Op.Convolution) node.op()).weight().shape().get(0))
            .filter(out -> out >= 16)
            .toList();

    // then
    assertThat(channels).isNotEmpty().allMatch(out -> out % 16 == 0);
  }

  @ParameterizedTest
  @MethodSource("scalings")
  void nothing_is_left_for_the_operator_that_fails_when_layouts_change(Scaling scaling)
      throws ModelException {
    // when
    Graph graph = rewritten(scaling);

    // then
    assertThat(graph.nodes())
        .extracting(Graph.Node::op)
        .doesNotHaveAnyElementsOfTypes(Op.Linear.class);
  }

  @Test
  @Timeout(60) // Years, when equality follows each of the ways through 55 blocks.
  void a_network_as_deep_as_b7_is_rewritten_node_by_node() throws ModelException {
    // when
    Graph graph = rewritten(new Scaling(0.1, 3.1, 64));

    // then
    assertThat(graph.nodes())
        .filteredOn(node -> node.op() instanceof Op.Add)
        .hasSizeGreaterThan(40);
  }

  private static Graph rewritten(Scaling scaling) throws ModelException {
    Network network = TinyModels.network(scaling);
    return OneDnnGraph.of(
        InferenceGraph.of(
            network,
            Weights.of(network, TinyModels.tensors(network, 3), "test"),
            new WeightConventions(Padding.SAME, 1e-3),
            Preprocessing.imagenet(scaling.resolution(), 1),
            Op.InputType.PIXELS),
        scaling.resolution());
  }
}
