package dev.phistream.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.app.CommandRun;
import dev.phistream.bench.EnginePoint;
import dev.phistream.bench.EngineReport;
import dev.phistream.bench.Mode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchEngineCommandTest {
  @Test
  @Timeout(180)
  void every_point_is_measured_reported_and_drawn(@TempDir Path directory) throws Exception {
    CommandRun run =
        LaboratoryRun.of(
            "bench",
            "engine",
            "--variants=phi-11",
            "--batches=1,3",
            "--seconds-per-point=0.05",
            "--rounds=2",
            "--workers=2",
            "--bare",
            "--json",
            "--out=" + directory,
            "--plot=" + directory.resolve("plot.png"));

    assertThat(run.code()).as(run.err()).isZero();
    EngineReport report = EngineReport.read(directory.resolve("engines.json"));
    assertThat(run.out().strip()).isEqualTo(report.toJson().strip());
    assertThat(report.notMeasured()).isEmpty();
    assertThat(report.points())
        .extracting(EngineReport.Point::point)
        .hasSize(3 * 2 * 2)
        .doesNotHaveDuplicates()
        .contains(
            new EnginePoint("phi-11", "mxnet", "cpu", Mode.THROUGHPUT, 3),
            new EnginePoint("phi-11", "onnxruntime-bare", "cpu", Mode.LATENCY, 1));
    assertThat(report.points())
        .allSatisfy(
            point -> {
              assertThat(point.imagesPerSecond().min()).isPositive();
              assertThat(point.latencyMillis().p50())
                  .isBetween(0.0, point.latencyMillis().max() * 1.001);
              assertThat(point.latencyMillis().batches()).isGreaterThanOrEqualTo(2);
              assertThat(point.fill()).isEqualTo(1);
            });
    assertThat(report.ratios()).hasSize(2 * 2 * 2);
    assertThat(ImageIO.read(directory.resolve("plot.png").toFile()).getWidth()).isPositive();
    assertThat(directory.resolve("plot-latency.png")).exists();
    assertThat(
            DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(withoutDoctype(directory.resolve("engines.svg")))
                .getDocumentElement()
                .getTagName())
        .isEqualTo("svg");
  }

  @Test
  @Timeout(180)
  void a_pair_that_an_engine_refuses_is_left_out_and_said_to_be(@TempDir Path directory)
      throws Exception {
    Path models = directory.resolve("models");
    CommandRun quantized =
        LaboratoryRun.of(
            "models",
            "quantize",
            "phi-11",
            "--images=synthetic",
            "--count=4",
            "--out=integers",
            "--models=" + models);
    assertThat(quantized.code()).as(quantized.err()).isZero();

    CommandRun run =
        LaboratoryRun.of(
            "bench",
            "engine",
            "--variants=integers",
            "--batches=1",
            "--seconds-per-point=0.05",
            "--rounds=2",
            "--models=" + models,
            "--out=" + directory);

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).contains("left out: ", "precision int8 on engine mxnet");
    EngineReport report = EngineReport.read(directory.resolve("engines.json"));
    assertThat(report.points())
        .extracting(point -> point.point().engine())
        .containsOnly("onnxruntime");
    assertThat(report.notMeasured()).extracting(EnginePoint::engine).containsOnly("mxnet");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--batches=0 | batches: 0 (expected: 1 to 1024)",
        "--batches=4,4 | batches: [4, 4] (expected: each once)",
        "--rounds=0 | rounds: 0 (expected: 1 to 100)",
        "--seconds-per-point=NaN | seconds-per-point: NaN (expected: 0.01 to 600)",
        "--workers=-1 | workers: -1 (expected: 1 to 256)",
        "--engines=torch | engines: torch (expected: of mxnet, onnxruntime, onnxruntime-bare)",
        "--plot=p.gif | p.gif: no known kind of plot (expected: .png or .svg)",
      })
  void nonsense_is_misuse_and_said_to_be(String option, String message) {
    CommandRun run = LaboratoryRun.of("bench", "engine", option);

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains(message);
  }

  @Test
  void a_model_that_is_nowhere_is_named_before_anything_is_measured() {
    CommandRun run = LaboratoryRun.of("bench", "engine", "--variants=b99");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err())
        .startsWith("phistream: model b99: not found")
        .contains("b7")
        .hasLineCount(1);
  }

  @Test
  @Timeout(60)
  void a_device_that_is_not_there_is_named_with_those_that_are() {
    CommandRun run =
        LaboratoryRun.of(
            "bench",
            "engine",
            "--variants=phi-11",
            "--engines=mxnet",
            "--devices=gpu:77",
            "--seconds-per-point=0.05");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("gpu:77").contains("cpu");
  }

  /** The parser would look for the DTD on the web. */
  private static InputStream withoutDoctype(Path file) throws IOException {
    return new ByteArrayInputStream(
        Files.readString(file).replaceAll("<!DOCTYPE[^>]*>", "").getBytes(StandardCharsets.UTF_8));
  }
}
