package dev.phistream.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.phistream.testkit.TinyModels;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelsShowCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void a_published_network_needs_no_weights() throws Exception {
    JsonNode b4 = json("b4");

    assertThat(b4.path("id").asText()).isEqualTo("b4");
    assertThat(b4.path("architecture").asText()).isEqualTo("efficientnet");
    assertThat(b4.path("parameters").asLong()).isEqualTo(19_341_616);
    assertThat(b4.path("flops").asLong()).isBetween(4_390_000_000L, 4_400_000_000L);
    assertThat(b4.path("resolution").asInt()).isEqualTo(380);
    assertThat(b4.path("width").asDouble()).isEqualTo(1.4);
    assertThat(b4.path("depth").asDouble()).isEqualTo(1.8);
    assertThat(b4.path("classes").asInt()).isEqualTo(1000);
    assertThat(b4.path("dropout").asDouble()).isEqualTo(0.4);
    assertThat(b4.path("published").path("topOne").asDouble()).isEqualTo(82.9);
  }

  @Test
  void any_phi_of_a_base_can_be_seen() throws Exception {
    JsonNode small = json("efficientnet", "--phi", "-7.5", "--classes", "20");
    JsonNode wide = json("resnet50", "--phi", "1", "--alpha", "1", "--beta", "2", "--gamma", "1");

    assertThat(small.path("resolution").asInt()).isEqualTo(79);
    assertThat(small.path("phi").asDouble()).isEqualTo(-7.5);
    assertThat(small.path("classes").asInt()).isEqualTo(20);
    assertThat(wide.path("width").asDouble()).isEqualTo(2);
    assertThat(wide.path("flops").asLong()).isEqualTo(16_116_613_120L);
  }

  @Test
  void a_bundled_model_and_a_directory_show_their_cards(@TempDir Path models) throws Exception {
    TinyModels.write(models, "tiny", -8);

    assertThat(json("phi-9").path("parameters").asLong()).isEqualTo(309_274);
    assertThat(json("phi-9").path("card").path("facts").path("phi").asDouble()).isEqualTo(-9);
    assertThat(json(models.resolve("tiny").toString()).path("classes").asInt()).isEqualTo(3);
    assertThat(json("tiny", "--models", models.toString()).path("id").asText()).isEqualTo("tiny");
  }

  @Test
  void people_get_a_table_of_the_stages() {
    assertThat(run("mobilenet_v2")).isZero();

    assertThat(out.toString())
        .contains("parameters      3,504,872", "architecture    mobilenet_v2")
        .containsPattern("stem +conv_k3_s2 +1 +32 +112 +928 +10,838,016")
        .containsPattern("blocks\\.1 +ir_k3_s2_e6 +2 +24 +56")
        .containsPattern("classifier +linear +1 +1000");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "b4 --phi 1|2|--phi: b4 is scaled already",
        "b0 --phi 1 --beta 0.9|2|--alpha, beta, gamma, baseResolution: 1.2, 0.9, 1.15, 224",
        "b0 --phi 100|2|--phi: 100.0 (expected: -20 to 20)",
        "b0 --classes 0|2|--classes: 0 (expected: >= 1)",
        "phi-9 --classes 3|2|--phi, --classes: phi-9 (expected: a published network)",
        "b9|1|model b9: not found",
      })
  void misuse_is_explained(String arguments, int code, String message) {
    assertThat(run(arguments.split(" "))).isEqualTo(code);
    assertThat(err.toString()).contains(message);
  }

  private JsonNode json(String... arguments) throws Exception {
    out.getBuffer().setLength(0);
    String[] all = new String[arguments.length + 1];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    all[arguments.length] = "--json";
    assertThat(run(all)).as(err.toString()).isZero();
    return new ObjectMapper().readTree(out.toString());
  }

  private int run(String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = "models";
    all[1] = "show";
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return PhistreamCommand.commandLine(
            new Console(new PrintWriter(out, true), new PrintWriter(err, true), false))
        .execute(all);
  }
}
