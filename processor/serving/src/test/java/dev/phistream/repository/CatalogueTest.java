package dev.phistream.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.phistream.model.Padding;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogueTest {
  @ParameterizedTest
  @CsvSource({
    "tf_efficientnet_b0.aa_in1k, b0, 224, 0.875, 76.88, 0.485",
    "tf_efficientnet_b0.ns_jft_in1k, b0, 224, 0.875, 78.68, 0.485",
    "tf_efficientnet_b3.ap_in1k, b3, 300, 0.904, 81.84, 0.5",
    "tf_efficientnet_b5.aa_in1k, b5, 456, 0.934, 83.70, 0.485",
    "tf_efficientnet_b7.ns_jft_in1k, b7, 600, 0.949, 86.85, 0.485",
  })
  void the_sets_that_come_from_tensorflow_are_there(
      String id, String variant, int size, double crop, double top1, float mean) {
    WeightSet set = Catalogue.find(id).orElseThrow();

    assertThat(set.variant().id()).isEqualTo(variant);
    assertThat(set.preprocessing().size()).isEqualTo(size);
    assertThat(set.preprocessing().cropFraction()).isEqualTo(crop);
    assertThat(set.preprocessing().mean().get(0)).isEqualTo(mean);
    assertThat(set.top1()).isEqualTo(top1);
    assertThat(set.conventions().padding()).isEqualTo(Padding.SAME);
    assertThat(set.conventions().bnEps()).isEqualTo(1e-3);
  }

  @Test
  void every_variant_has_three_sets_from_tensorflow_and_five_have_one_from_pytorch() {
    assertThat(Catalogue.ALL).hasSize(29).doesNotHaveDuplicates();
    assertThat(Catalogue.ALL.stream().filter(set -> set.id().startsWith("tf_"))).hasSize(24);
    assertThat(Catalogue.ALL.stream().map(WeightSet::id))
        .contains(
            "efficientnet_b0.ra_in1k",
            "efficientnet_b1.ft_in1k",
            "efficientnet_b2.ra_in1k",
            "efficientnet_b3.ra2_in1k",
            "efficientnet_b4.ra2_in1k");
    assertThat(Catalogue.ALL.stream().filter(set -> set.id().startsWith("efficientnet_")))
        .allMatch(set -> set.conventions().equals(Catalogue.PYTORCH));
    assertThat(Catalogue.PYTORCH.bnEps()).isEqualTo(1e-5);
    assertThat(Catalogue.PYTORCH.padding()).isEqualTo(Padding.SYMMETRIC);
  }

  @Test
  void larger_networks_and_better_trainings_are_more_accurate() {
    for (int b = 1; b < 8; b++) {
      for (String tag : new String[] {"aa_in1k", "ap_in1k", "ns_jft_in1k"}) {
        assertThat(top1(b, tag)).isGreaterThan(top1(b - 1, tag));
      }
      assertThat(top1(b, "ns_jft_in1k")).isGreaterThan(top1(b, "ap_in1k"));
      assertThat(top1(b, "ap_in1k")).isCloseTo(top1(b, "aa_in1k"), offset(0.8));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "tf_efficientnet_b6, b6",
    "efficientnet_b2.mine, b2",
    "tf_efficientnet_b1_ns, b1",
    "mobilenetv1_100.ra4_e3600_r224_in1k, mobilenet_v1",
    "mobilenetv2_050.lamb_in1k, mobilenet_v2_0.5_224",
    "mobilenetv2_140.ra_in1k, mobilenet_v2_1.4_224",
    "mobilenet_v1_0.25_128, mobilenet_v1_0.25_128",
    "mobilenet_v2_1.0_224_quant, mobilenet_v2",
    "resnet50.a1_in1k, resnet50",
    "resnet152, resnet152",
    "mobilenetv2_000, ''",
    "mobilenetv3_large_100, ''",
    "resnet50d.ra2_in1k, ''",
    "tf_efficientnet_b8.ra_in1k, ''",
    "efficientnetv2_rw_s, ''",
    "efficientnet_b11, ''",
    "my_model, ''",
  })
  void names_tell_the_network(String name, String variant) {
    assertThat(Catalogue.networkOf(name).map(found -> found.id()).orElse("")).isEqualTo(variant);
  }

  private static double top1(int variant, String tag) {
    WeightSet set = Catalogue.find("tf_efficientnet_b%d.%s".formatted(variant, tag)).orElseThrow();
    return Objects.requireNonNull(set.top1());
  }
}
