package dev.phistream.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.phistream.image.Interpolation;
import dev.phistream.image.ResizeMode;
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
  void every_size_of_the_first_family_has_three_sets_from_tensorflow() {
    assertThat(Catalogue.ALL).doesNotHaveDuplicates();
    for (int b = 0; b < 8; b++) {
      for (String tag : new String[] {"aa_in1k", "ap_in1k", "ns_jft_in1k"}) {
        assertThat(Catalogue.find("tf_efficientnet_b%d.%s".formatted(b, tag))).isPresent();
      }
    }
    assertThat(Catalogue.ALL.stream().map(WeightSet::id))
        .contains(
            "efficientnet_b0.ra_in1k",
            "efficientnet_b1.ft_in1k",
            "efficientnet_b2.ra_in1k",
            "efficientnet_b3.ra2_in1k",
            "efficientnet_b4.ra2_in1k",
            "efficientnet_b5.sw_in12k_ft_in1k",
            "efficientnet_b5.sw_in12k",
            "tf_efficientnet_l2.ns_jft_in1k",
            "tf_efficientnetv2_l.in21k_ft_in1k",
            "tf_efficientnet_es.in1k");
    assertThat(Catalogue.ALL.stream().filter(set -> set.id().startsWith("efficientnet_")))
        .allMatch(set -> set.conventions().equals(Catalogue.PYTORCH));
    assertThat(Catalogue.PYTORCH.bnEps()).isEqualTo(1e-5);
    assertThat(Catalogue.PYTORCH.padding()).isEqualTo(Padding.SYMMETRIC);
  }

  /** timm's default configurations, and the accuracies in its results-imagenet.csv. */
  @ParameterizedTest
  @CsvSource({
    "efficientnet_b0.ra4_e3600_r224_in1k, 224, 78.57, 256, 79.36, 0.5, BICUBIC, SHORT_EDGE",
    "efficientnet_b1.ra4_e3600_r240_in1k, 240, 80.40, 288, 81.44, 0.5, BICUBIC, SHORT_EDGE",
    "efficientnet_b5.sw_in12k_ft_in1k, 448, 85.89, 448, 85.89, 0.485, BICUBIC, SQUASH",
    "tf_efficientnetv2_s.in1k, 300, 83.16, 384, 83.90, 0.5, BICUBIC, SHORT_EDGE",
    "tf_efficientnetv2_m.in1k, 384, 84.55, 480, 85.21, 0.5, BICUBIC, SQUASH",
    "tf_efficientnetv2_b0.in1k, 192, 76.88, 224, 78.39, 0.485, BICUBIC, SHORT_EDGE",
    "tf_efficientnet_lite4.in1k, 380, 81.54, 380, 81.54, 0.5, BILINEAR, SHORT_EDGE",
  })
  void newer_sets_say_how_they_were_trained_and_tested(
      String id,
      int size,
      double top1,
      int testSize,
      double testTop1,
      float mean,
      Interpolation interpolation,
      ResizeMode resizeMode) {
    WeightSet set = Catalogue.find(id).orElseThrow();

    assertThat(set.preprocessing().size()).isEqualTo(size);
    assertThat(set.top1()).isEqualTo(top1);
    assertThat(set.atTestSize().size()).isEqualTo(testSize);
    assertThat(set.testTop1()).isEqualTo(testTop1);
    assertThat(set.atTestSize().mean().get(0)).isEqualTo(mean);
    assertThat(set.atTestSize().interpolation()).isEqualTo(interpolation);
    assertThat(set.atTestSize().resizeMode()).isEqualTo(resizeMode);
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
    "tf_efficientnet_b8.ra_in1k, b8",
    "tf_efficientnet_l2.ns_jft_in1k_475, l2",
    "tf_efficientnetv2_s.in21k_ft_in1k, v2-s",
    "efficientnet_v2_m-dc08266a, v2-m",
    "efficientnet_b0_rwightman-3dd342df, b0",
    "efficientnet-b0-355c32eb, b0",
    "efficientnet-lite0-fp32, lite0",
    "efficientnet_em.ra2_in1k, em",
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
