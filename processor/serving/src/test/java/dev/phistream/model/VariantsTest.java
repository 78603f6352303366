package dev.phistream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;
import static org.assertj.core.data.Percentage.withPercentage;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VariantsTest {
  @ParameterizedTest
  @ValueSource(strings = {"b0", "b1", "b2", "b3", "b4", "b5", "b6", "b7"})
  void parameters_of_the_efficientnets_are_exactly_the_published_ones(String id) {
    Variants.Variant variant = variant(id);

    assertThat(variant.network(1000).parameters()).isEqualTo(variant.published().parameters());
  }

  /**
   * Parameters are those that timm counts (results/model_metadata and results-imagenet.csv give
   * them in millions, its models exactly).
   */
  @ParameterizedTest
  @CsvSource({
    "b8, 87413142",
    "l2, 480309308",
    "lite0, 4652008",
    "lite1, 5416680",
    "lite2, 6092072",
    "lite3, 8197096",
    "lite4, 13006568",
    "v2-b0, 7139704",
    "v2-b1, 8141052",
    "v2-b2, 10096086",
    "v2-b3, 14358406",
    "v2-s, 21458488",
    "v2-m, 54139356",
    "v2-l, 118515272",
    "es, 5438392",
    "em, 6899496",
    "el, 10589712",
  })
  void parameters_of_the_family_since_2019_are_exactly_the_published_ones(
      String id, long parameters) {
    assertThat(variant(id).network(1000).parameters()).isEqualTo(parameters);
    assertThat(variant(id).published().parameters()).isEqualTo(parameters);
  }

  /**
   * Multiply-adds of EfficientNetV2 are those in google/automl's efficientnetv2/README.md; of B8,
   * L2 and the EdgeTPU networks, timm's results/benchmark-infer-*.csv.
   */
  @ParameterizedTest
  @CsvSource({
    "v2-b0, 0.72, 1",
    "v2-b1, 1.2, 1",
    "v2-b2, 1.7, 1",
    "v2-b3, 3.0, 1",
    "v2-s, 8.4, 1",
    "v2-m, 24.7, 1",
    "v2-l, 56.3, 1",
    "b8, 63.48, 2",
    "l2, 479.12, 1",
    "es, 1.81, 2",
    "em, 3.04, 1",
    "el, 8.0, 1",
  })
  void multiply_adds_of_the_family_since_2019_are_the_published_ones(
      String id, double billions, double percent) {
    assertThat(variant(id).network(1000).flops() / 1e9)
        .isCloseTo(billions, withPercentage(percent));
  }

  /**
   * tensorflow/tpu's models/official/efficientnet/lite/README.md has more, by three and a half
   * multiply-adds for each value that a convolution makes. It does not say what it counts; we take
   * it that normalisation and activation are among it.
   */
  @ParameterizedTest
  @CsvSource({
    "lite0, 0.407",
    "lite1, 0.631",
    "lite2, 0.899",
    "lite3, 1.44",
    "lite4, 2.64",
  })
  void multiply_adds_of_the_lite_networks_leave_out_what_is_beside_the_convolutions(
      String id, double billions) {
    Network network = variant(id).network(1000);
    double values =
        network.layers().stream()
            .filter(layer -> layer.kind() instanceof Layer.Convolution)
            .mapToDouble(layer -> (double) layer.out().area() * layer.out().channels())
            .sum();

    assertThat((billions * 1e9 - network.flops()) / values).isBetween(2.5, 4.0);
  }

  @Test
  void tensors_of_fused_blocks_have_timms_names_and_shapes() {
    assertThat(variant("v2-s").network(1000).tensors())
        .containsEntry("blocks.0.0.conv.weight", List.of(24, 24, 3, 3))
        .containsEntry("blocks.0.1.bn1.running_var", List.of(24))
        .containsEntry("blocks.1.0.conv_exp.weight", List.of(96, 24, 3, 3))
        .containsEntry("blocks.1.0.bn1.weight", List.of(96))
        .containsEntry("blocks.1.0.conv_pwl.weight", List.of(48, 96, 1, 1))
        .containsEntry("blocks.1.0.bn2.weight", List.of(48))
        .containsEntry("blocks.3.0.se.conv_reduce.weight", List.of(16, 256, 1, 1))
        .containsEntry("conv_head.weight", List.of(1280, 256, 1, 1));
    assertThat(variant("es").network(1000).tensors())
        .containsEntry("blocks.0.0.conv_exp.weight", List.of(96, 32, 3, 3));
  }

  @Test
  void stem_head_and_ends_of_a_lite_network_do_not_scale() {
    assertThat(variant("lite4").network(1000).tensors())
        .containsEntry("conv_stem.weight", List.of(32, 3, 3, 3))
        .containsEntry("conv_head.weight", List.of(1280, 448, 1, 1))
        .doesNotContainKeys("blocks.0.1.conv_dw.weight", "blocks.6.1.conv_pw.weight");
  }

  @Test
  void the_head_of_mobilenet_v2_is_never_narrower_than_published() {
    Scaling half = new Scaling(0.5, 1, 224);

    assertThat(Architecture.MOBILENET_V2.scaled(half, 1000).tensors())
        .containsEntry("conv_head.weight", List.of(1280, 160, 1, 1));
  }

  /** Exact counts are timm's; published parameters are rounded. */
  @ParameterizedTest
  @CsvSource({
    "mobilenet_v1, 4231976, 0.569",
    "mobilenet_v2, 3504872, 0.300",
    "resnet50, 25557032, 4.1",
    "resnet152, 60192808, 11.5",
  })
  void the_other_networks_have_the_published_size(String id, long parameters, double billions) {
    Network network = variant(id).network(1000);

    assertThat(network.parameters()).isEqualTo(parameters);
    assertThat((double) parameters)
        .isCloseTo((double) variant(id).published().parameters(), withPercentage(1));
    assertThat(network.flops() / 1e9).isCloseTo(billions, withPercentage(1));
    assertThat(variant(id).published().flops() / 1e9).isCloseTo(billions, offset(1e-9));
  }

  /** Table 3 of the EfficientNet paper, multiply-adds in billions, rounded there to a tenth. */
  @ParameterizedTest
  @CsvSource({
    "mobilenet_v1, 2, 1, 1, 2.2",
    "mobilenet_v1, 1, 1, 2, 2.2",
    "mobilenet_v2, 1, 4, 1, 1.2",
    "mobilenet_v2, 2, 1, 1, 1.1",
    "mobilenet_v2, 1, 1, 2, 1.2",
    "resnet50, 1, 1, 2, 16.4",
  })
  void other_networks_scale_as_in_the_paper(
      String id, double width, double depth, double resolution, double billions) {
    assertThat(flops(id, width, depth, (int) (224 * resolution)))
        .isCloseTo(billions, withPercentage(5));
  }

  /** The paper has 16.2 for the depth and 14.7 for the width: ours are as close, exchanged. */
  @Test
  void resnet_scales_as_in_the_paper_with_two_rows_exchanged() {
    assertThat(flops("resnet50", 1, 4, 224)).isCloseTo(14.7, withPercentage(1));
    assertThat(flops("resnet50", 2, 1, 224)).isCloseTo(16.2, withPercentage(1));
  }

  /** 1.3 × 224 is 291, where sides round up to 10 × 10 at last; 288 would give 9 × 9. */
  @Test
  void the_compound_row_of_mobilenet_v1_lies_between_two_resolutions() {
    assertThat(flops("mobilenet_v1", 1.2, 1.4, 291)).isBetween(2.3, 2.5);
    assertThat(flops("mobilenet_v1", 1.2, 1.4, 288)).isBetween(2.2, 2.3);
  }

  /** Convolutions with the side rounded up give 4.39 and 10.27; see docs/models/family.md. */
  @Test
  void b4_and_b5_take_more_than_the_paper_says() {
    assertThat(variant("b4").network(1000).flops() / 1e9).isCloseTo(4.394, offset(0.001));
    assertThat(variant("b5").network(1000).flops() / 1e9).isCloseTo(10.266, offset(0.001));
  }

  @Test
  void tensors_of_a_resnet_have_timms_names_and_shapes() {
    assertThat(variant("resnet50").network(1000).tensors())
        .containsEntry("conv1.weight", List.of(64, 3, 7, 7))
        .containsEntry("bn1.weight", List.of(64))
        .containsEntry("layer1.0.conv1.weight", List.of(64, 64, 1, 1))
        .containsEntry("layer1.0.bn3.running_var", List.of(256))
        .containsEntry("layer1.0.downsample.0.weight", List.of(256, 64, 1, 1))
        .containsEntry("layer1.0.downsample.1.bias", List.of(256))
        .containsEntry("layer2.0.conv2.weight", List.of(128, 128, 3, 3))
        .containsEntry("layer4.2.conv3.weight", List.of(2048, 512, 1, 1))
        .containsEntry("fc.weight", List.of(1000, 2048))
        .doesNotContainKeys("layer1.1.downsample.0.weight", "layer4.3.conv1.weight");
  }

  @Test
  void tensors_of_the_mobilenets_have_timms_names_and_shapes() {
    assertThat(variant("mobilenet_v1").network(1000).tensors())
        .containsEntry("blocks.0.0.conv_dw.weight", List.of(32, 1, 3, 3))
        .containsEntry("blocks.4.1.conv_pw.weight", List.of(1024, 1024, 1, 1))
        .containsEntry("blocks.4.1.bn2.weight", List.of(1024))
        .containsEntry("classifier.weight", List.of(1000, 1024))
        .doesNotContainKeys("conv_head.weight", "blocks.0.0.se.conv_reduce.weight");
    assertThat(variant("mobilenet_v2").network(1000).tensors())
        .containsEntry("blocks.0.0.conv_pw.weight", List.of(16, 32, 1, 1))
        .containsEntry("blocks.1.0.conv_pw.weight", List.of(96, 16, 1, 1))
        .containsEntry("blocks.6.0.conv_pwl.weight", List.of(320, 960, 1, 1))
        .containsEntry("conv_head.weight", List.of(1280, 320, 1, 1))
        .doesNotContainKeys("blocks.1.0.se.conv_reduce.weight");
  }

  @Test
  void the_stages_of_a_network_add_up_to_it() {
    Network network = variant("b0").network(1000);

    assertThat(network.stages().stream().map(Stage::name))
        .startsWith("stem", "blocks.0")
        .endsWith("blocks.6", "head", "classifier");
    assertThat(network.stages().get(2).out()).isEqualTo(new Layer.Extent(24, 56));
    assertThat(network.stages().stream().mapToLong(Stage::flops).sum()).isEqualTo(network.flops());
    assertThat(network.stages().stream().mapToLong(Stage::parameters).sum())
        .isEqualTo(network.parameters());
  }

  @ParameterizedTest
  @CsvSource({
    "efficientnet_b0, b0",
    "tf_efficientnet_b8, b8",
    "efficientnet-b3, b3",
    "EfficientNetB7, b7",
    "tf_efficientnet_l2, l2",
    "efficientnet-lite0, lite0",
    "tf_efficientnet_lite4, lite4",
    "tf_efficientnetv2_s, v2-s",
    "efficientnet_v2_m, v2-m",
    "EfficientNetV2L, v2-l",
    "efficientnetv2-b2, v2-b2",
    "efficientnet_es, es",
  })
  void a_variant_is_found_by_the_names_that_others_give_it(String name, String id) {
    assertThat(variant(name).id()).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"efficientnet_b9", "efficientnetv2_b4", "efficientnetv2_rw_s", "b10", ""})
  void a_network_that_is_not_in_the_catalogue_is_not_found(String name) {
    assertThat(Variants.find(name)).isEmpty();
  }

  @Test
  void an_unknown_architecture_is_refused_with_those_there_are() {
    assertThatThrownBy(() -> Architecture.named("vgg16"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "architecture: vgg16 (expected: one of efficientnet, efficientnet_lite,"
                + " efficientnet_edge, efficientnetv2, efficientnetv2_s, efficientnetv2_m,"
                + " efficientnetv2_l, mobilenet_v1, mobilenet_v2, resnet50, resnet152)");
    assertThat(Variants.find("vgg16")).isEmpty();
  }

  /** In billions. */
  private static double flops(String id, double width, double depth, int resolution) {
    Scaling scaling = new Scaling(width, depth, resolution);
    return Architecture.named(id).scaled(scaling, 1000).flops() / 1e9;
  }

  private static Variants.Variant variant(String id) {
    return Variants.find(id).orElseThrow();
  }
}
