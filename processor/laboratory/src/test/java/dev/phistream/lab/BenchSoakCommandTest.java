package dev.phistream.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.phistream.app.CommandRun;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@EnabledOnOs(OS.LINUX)
class BenchSoakCommandTest {
  private static final double MIB = 1 << 20;

  @ParameterizedTest
  @ValueSource(strings = {"mxnet", "onnxruntime"})
  @Timeout(120)
  void memory_is_sampled_over_the_batches(String engine, @TempDir Path directory) throws Exception {
    Path plot = directory.resolve("memory.png");

    CommandRun run =
        LaboratoryRun.of(
            "bench",
            "soak",
            "--batches=50",
            "--reloads=3",
            "--engine=" + engine,
            "--max-growth=1000",
            "--json",
            "--plot=" + plot);

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).contains(" 10 %  5 batches").contains("100 %  50 batches");
    JsonNode report = new ObjectMapper().readTree(run.out());
    assertThat(report.get("samples")).hasSize(50);
    assertThat(report.get("images").asInt()).isBetween(50, 50 * 16);
    JsonNode last = report.get("samples").get(49);
    assertThat(last.get("batches").asInt()).isEqualTo(50);
    assertThat(last.get("heap").asLong() / MIB).isBetween(400.0, 512.0);
    assertThat(last.get("anonymous").asLong()).isGreaterThan(last.get("heap").asLong());
    assertThat(last.get("resident").asLong()).isGreaterThan(last.get("anonymous").asLong());
    assertThat(last.get("direct").asLong()).isPositive();
    assertThat(ImageIO.read(plot.toFile()).getWidth()).isPositive();
  }

  @Test
  @Timeout(60)
  void a_soak_that_its_limit_breaks_off_fails() {
    CommandRun run =
        LaboratoryRun.of(
            "bench",
            "soak",
            "--batches=1000000",
            "--model=phi-7",
            "--max-growth=1000",
            "--limit=8");

    assertThat(run.code()).isEqualTo(1);
    // On a slow machine not even the samples come that are needed for a verdict.
    assertThat(run.out() + run.err()).containsAnyOf("broken off before the end", "allow more time");
  }

  @Test
  void too_few_batches_are_misuse() {
    CommandRun run = LaboratoryRun.of("bench", "soak", "--batches=3");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("batches: 3 (expected: 20 to 10000000)");
  }
}
