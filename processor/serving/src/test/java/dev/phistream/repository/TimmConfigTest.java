package dev.phistream.repository;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phistream.image.Interpolation;
import dev.phistream.image.Preprocessing;
import dev.phistream.image.ResizeMode;
import dev.phistream.model.ModelException;
import dev.phistream.testkit.PublishedModels;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimmConfigTest {
  private static final String NESTED =
      new String(PublishedModels.config("tf_efficientnet_b0", 224, 1000), UTF_8);

  @Test
  void the_fields_are_found_where_timm_writes_them() throws Exception {
    TimmConfig config = parse(NESTED);

    assertThat(config.architecture()).isEqualTo("tf_efficientnet_b0");
    assertThat(config.classes()).isEqualTo(1000);
    assertThat(config.preprocessing())
        .isEqualTo(
            new Preprocessing(224, 0.9, List.of(0.5f, 0.4f, 0.3f), List.of(0.2f, 0.25f, 0.3f)));
  }

  @Test
  void the_fields_may_stand_at_the_top() throws Exception {
    String flat =
        """
        {"architecture": "efficientnet_b0", "num_classes": 1000, "input_size": [3, 240, 240],
         "interpolation": "bicubic", "crop_pct": 1.0, "mean": [0, 0, 0], "std": [1, 1, 1]}
        """;

    assertThat(parse(flat).preprocessing())
        .isEqualTo(new Preprocessing(240, 1, List.of(0f, 0f, 0f), List.of(1f, 1f, 1f)));
  }

  @Test
  void images_are_resized_as_the_config_says() throws Exception {
    TimmConfig config =
        parse(NESTED.replace("bicubic", "bilinear").replace("\"center\"", "\"squash\""));

    assertThat(config.preprocessing().interpolation()).isEqualTo(Interpolation.BILINEAR);
    assertThat(config.preprocessing().resizeMode()).isEqualTo(ResizeMode.SQUASH);
  }

  @Test
  void the_size_of_the_test_stands_beside_that_of_the_training() throws Exception {
    TimmConfig config =
        parse(
            NESTED.replace(
                "\"crop_pct\"",
                "\"test_input_size\": [3, 256, 256], \"test_crop_pct\": 1.0, \"crop_pct\""));

    assertThat(config.preprocessing().size()).isEqualTo(224);
    assertThat(config.atTestSize()).isEqualTo(config.preprocessing().sized(256, 1.0));
  }

  @Test
  void a_config_without_a_test_size_tests_at_the_size_of_the_training() throws Exception {
    TimmConfig config = parse(NESTED);

    assertThat(config.atTestSize()).isEqualTo(config.preprocessing());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"bicubic\" | \"lanczos\" | interpolation: lanczos (expected: bicubic or bilinear;",
        "\"center\" | \"border\" | crop_mode: border (expected: center or squash;",
        "[3, 224, 224] | [3, 224, 256] | input_size: [3,224,256] (expected: [3, size, size])",
        "[3, 224, 224] | [1, 224, 224] | input_size: [1,224,224] (expected: [3, size, size])",
        "[3, 224, 224] | null | input_size: missing (expected: [3, size, size])",
        "0.9 | 1.5 | cropFraction: 1.5 (expected: 0.1 to 1)",
        "0.9 | \"0.9\" | crop_pct: \"0.9\" (expected: a number)",
        "[0.5, 0.4, 0.3] | [0.5, 0.4] | mean: [0.5,0.4] (expected: three numbers)",
        "\"tf_efficientnet_b0\" | 7 | architecture: 7 (expected: a name)",
      })
  void what_is_wrong_is_named(String before, String after, String message) {
    assertThat(NESTED).contains(before);

    assertThatThrownBy(() -> parse(NESTED.replace(before, after)))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("config.json: " + message);
  }

  private static TimmConfig parse(String json) throws ModelException {
    return TimmConfig.parse(json.getBytes(UTF_8), "config.json");
  }
}
