package dev.phistream.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.phistream.testkit.Photographs;
import dev.phistream.testkit.Photographs.Network;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code models verify} tells from photographs how published weights want to be run. */
class VerifyPhotographsTest {
  private static final Network NETWORK = Network.SMALL;

  @TempDir Path models;

  @Test
  void weights_that_are_run_as_they_were_trained_give_no_warning() throws Exception {
    var unused = NETWORK.importInto(models);

    JsonNode verdict = verify(NETWORK.id());

    assertThat(verdict.path("images").intValue()).isEqualTo(86);
    assertThat(verdict.path("right").intValue())
        .isBetween(NETWORK.right() - 1, NETWORK.right() + 1);
    assertThat(verdict.path("top1Low").doubleValue())
        .isLessThan(verdict.path("top1").doubleValue());
    assertThat(verdict.path("calibrationError").doubleValue()).isBetween(0.0, 0.5);
    assertThat(verdict.path("warnings")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "--padding=symmetric, padding, --padding same",
    "--bgr, channels, --bgr",
    "'--mean=0,0,0 --std=1,1,1', normalisation, '--mean 0.5000,0.5000,0.5000'",
  })
  void a_wrong_setting_is_named_with_the_right_one(String wrong, String what, String better)
      throws Exception {
    var unused = NETWORK.importInto(models); // skips where there are no weights
    CommandRun imported =
        CommandRun.of(
            ("models import "
                    + NETWORK.weights()
                    + " --id=wrong --bn-eps=1e-3 --models="
                    + models
                    + " "
                    + wrong)
                .split(" "));
    assertThat(imported.code()).as(imported.err()).isZero();

    JsonNode verdict = verify("wrong");

    assertThat(verdict.path("warnings").path(0).path("what").asText()).isEqualTo(what);
    assertThat(verdict.path("warnings").path(0).path("better").asText()).startsWith(better);
    assertThat(verdict.path("betterRight").intValue())
        .isBetween(NETWORK.right() - 1, NETWORK.right() + 1);
  }

  private JsonNode verify(String id) throws Exception {
    CommandRun run =
        CommandRun.of(
            "models",
            "verify",
            id,
            "--models=" + models,
            "--engine=onnxruntime",
            "--json",
            "--images=" + Photographs.folder(),
            "--labels=" + Photographs.labels());
    assertThat(run.code()).as(run.err()).isZero();
    return new ObjectMapper().readTree(run.out());
  }
}
