package dev.phistream.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.phistream.app.Console;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class ModelsScaleCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void without_training_multiply_adds_are_counted_for_the_whole_grid() throws Exception {
    assertThat(run("--no-train --width 1 --depth 1 --resolution 224 --step 0.2 --json".split(" ")))
        .isZero();

    JsonNode report = new ObjectMapper().readTree(out.toString());
    assertThat(report.path("candidates")).hasSize(6);
    assertThat(report.path("base").path("ratio").asDouble()).isEqualTo(1);
    JsonNode first = report.path("candidates").path(0);
    assertThat(first.path("growth").asDouble()).isBetween(1.9, 2.1);
    assertThat(first.path("ratio").asDouble()).isBetween(1.9, 2.1);
    assertThat(first.has("accuracy")).isFalse();
    assertThat(report.has("training")).isFalse();
  }

  @Test
  void a_search_prints_a_table_and_draws_it(@TempDir Path folder) {
    Path plot = folder.resolve("plot.svg");
    String options =
        "--base mobilenet_v1 --width 0.125 --depth 0.25 --resolution 32 --step 1 --tolerance 0"
            + " --images 64 --test-images 40 --epochs 1 --plot ";

    assertThat(run((options + plot).split(" "))).as(err.toString()).isZero();

    assertThat(out.toString()).containsPattern("2\\.00 +1\\.00 +1\\.00 +2\\.000 .* ± .* %");
    assertThat(err.toString()).contains("1 different networks to train, about ", "1/1  α 2.00");
    assertThat(plot).content().contains("<svg");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--base vgg16|2|--architecture: vgg16",
        "--step 0|2|--step: 0.0 (expected: 0.01 to 1)",
        "--epochs 0|2|--epochs: 0 (expected: >= 1)",
        "--minutes 0|2|--minutes: 0.0 (expected: > 0)",
        "--plot x.jpg|2|x.jpg: no known kind of plot (expected: .png or .svg)",
        "--step 0.7 --tolerance 0.01|1|(expected: a smaller --step or a larger --tolerance)",
      })
  void misuse_is_explained(String arguments, int code, String message) {
    assertThat(run(arguments.split(" "))).isEqualTo(code);
    assertThat(err.toString()).contains(message);
  }

  private int run(String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = "models";
    all[1] = "scale";
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return LaboratoryCommands.commandLine(
            new Console(new PrintWriter(out, true), new PrintWriter(err, true), false))
        .execute(all);
  }
}
