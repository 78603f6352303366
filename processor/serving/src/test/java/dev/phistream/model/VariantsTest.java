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

  @Test
  void an_unknown_architecture_is_refused_with_those_there_are() {
    assertThatThrownBy(() -> Architecture.named("vgg16"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "architecture: vgg16 (expected: one of efficientnet, mobilenet_v1, mobilenet_v2,"
                + " resnet50, resnet152)");
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
