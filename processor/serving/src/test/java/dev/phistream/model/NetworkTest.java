package dev.phistream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Percentage.withPercentage;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The published networks, from the paper's tables and the sizes that everybody reports. */
class NetworkTest {
  @ParameterizedTest
  @CsvSource({
    "b0, 1.0, 1.0, 224,  5288548",
    "b1, 1.0, 1.1, 240,  7794184",
    "b2, 1.1, 1.2, 260,  9109994",
    "b3, 1.2, 1.4, 300, 12233232",
    "b4, 1.4, 1.8, 380, 19341616",
    "b5, 1.6, 2.2, 456, 30389784",
    "b6, 1.8, 2.6, 528, 43040704",
    "b7, 2.0, 3.1, 600, 66347960",
  })
  void parameters_are_exactly_those_of_the_published_networks(
      String variant, double width, double depth, int resolution, long parameters) {
    assertThat(network(width, depth, resolution).parameters()).as(variant).isEqualTo(parameters);
  }

  @ParameterizedTest
  @CsvSource({
    "b0, 1.0, 1.0, 224,  0.39",
    "b1, 1.0, 1.1, 240,  0.70",
    "b2, 1.1, 1.2, 260,  1.0",
    "b3, 1.2, 1.4, 300,  1.8",
    "b4, 1.4, 1.8, 380,  4.2",
    "b5, 1.6, 2.2, 456,  9.9",
    "b6, 1.8, 2.6, 528, 19",
    "b7, 2.0, 3.1, 600, 37",
  })
  void multiply_adds_are_about_those_of_the_paper(
      String variant, double width, double depth, int resolution, double billions) {
    double flops = network(width, depth, resolution).flops() / 1e9;

    // Counted one by one, B4 and B5 come to 4.39 and 10.27; see docs/models/family.md.
    assertThat(flops).as(variant).isCloseTo(billions, withPercentage(5));
  }

  @Test
  void tensors_have_the_names_and_shapes_of_timms_weights() {
    Map<String, List<Integer>> tensors = network(1, 1, 224).tensors();

    assertThat(tensors)
        .containsEntry("conv_stem.weight", List.of(32, 3, 3, 3))
        .containsEntry("bn1.running_var", List.of(32))
        .containsEntry("blocks.0.0.conv_dw.weight", List.of(32, 1, 3, 3))
        .containsEntry("blocks.0.0.se.conv_reduce.weight", List.of(8, 32, 1, 1))
        .containsEntry("blocks.0.0.se.conv_expand.bias", List.of(32))
        .containsEntry("blocks.0.0.conv_pw.weight", List.of(16, 32, 1, 1))
        .containsEntry("blocks.0.0.bn2.weight", List.of(16))
        .containsEntry("blocks.2.1.conv_pw.weight", List.of(240, 40, 1, 1))
        .containsEntry("blocks.2.1.conv_dw.weight", List.of(240, 1, 5, 5))
        .containsEntry("blocks.2.1.se.conv_reduce.bias", List.of(10))
        .containsEntry("blocks.2.1.conv_pwl.weight", List.of(40, 240, 1, 1))
        .containsEntry("blocks.6.0.bn3.running_mean", List.of(320))
        .containsEntry("conv_head.weight", List.of(1280, 320, 1, 1))
        .containsEntry("classifier.weight", List.of(1000, 1280))
        .doesNotContainKeys("blocks.0.0.conv_pwl.weight", "blocks.0.0.bn3.weight");
    assertThat(tensors.keySet()).noneMatch(name -> name.contains("num_batches"));
  }

  @Test
  void strides_and_skips_follow_the_block_table() {
    List<Layer> layers = network(1, 1, 224).layers();

    assertThat(
            layers.stream()
                .filter(layer -> layer.name().endsWith("conv_dw"))
                .map(layer -> layer.in().side() / layer.out().side()))
        .containsExactly(1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1);
    assertThat(
            layers.stream()
                .filter(layer -> layer.kind() instanceof Layer.Add)
                .map(layer -> layer.name().replace(".add", "")))
        .containsExactly(
            "blocks.1.1",
            "blocks.2.1",
            "blocks.3.1",
            "blocks.3.2",
            "blocks.4.1",
            "blocks.4.2",
            "blocks.5.1",
            "blocks.5.2",
            "blocks.5.3");
  }

  @Test
  void the_classifier_alone_depends_on_the_classes() {
    Scaling scaling = new Scaling(1, 1, 224);
    long ten = Architecture.EFFICIENT_NET.scaled(scaling, 10).parameters();
    long eleven = Architecture.EFFICIENT_NET.scaled(scaling, 11).parameters();

    assertThat(eleven - ten).isEqualTo(1280 + 1);
  }

  @Test
  void a_stage_reads_the_notation_of_tensorflows_builder() {
    assertThat(BlockSpec.parse("ir_r2_k5_s1_e6_c24_se0.25"))
        .isEqualTo(new BlockSpec(BlockKind.INVERTED_RESIDUAL, 2, 5, 1, 6, 24, 0.25, 0, true));
  }

  @Test
  void a_stage_may_fix_what_it_expands_and_leave_the_sum_out() {
    assertThat(BlockSpec.parse("er_r1_k3_s1_e4_c24_fc24_noskip"))
        .isEqualTo(new BlockSpec(BlockKind.EDGE_RESIDUAL, 1, 3, 1, 4, 24, 0, 24, false));
  }

  @Test
  void a_plain_convolution_adds_its_input_only_where_the_stage_says_so() {
    assertThat(BlockSpec.parse("cn_r2_k3_s1_c24_skip").residual()).isTrue();
    assertThat(BlockSpec.parse("cn_r2_k3_s1_c24").residual()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "r2",
        "r2_k3_s2_e6_c24",
        "xx_r2_k3_s2_e6_c24",
        "ir_r2_k3_s2_e6_c24_se0.25_relu"
      })
  void a_stage_in_another_notation_is_refused(String stage) {
    assertThatThrownBy(() -> BlockSpec.parse(stage))
        .hasMessage("stage: " + stage + " (expected: the form ir_r2_k3_s2_e6_c24_se0.25)");
  }

  private static Network network(double width, double depth, int resolution) {
    return Architecture.EFFICIENT_NET.scaled(new Scaling(width, depth, resolution), 1000);
  }
}
