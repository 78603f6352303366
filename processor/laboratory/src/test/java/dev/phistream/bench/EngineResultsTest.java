package dev.phistream.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineResultsTest {
  private static final EngineOptions OPTIONS =
      new EngineOptions(
          List.of("b1", "resnet152"),
          List.of(1),
          List.of("mxnet", "onnxruntime"),
          List.of("cpu"),
          List.of(Mode.LATENCY),
          1,
          3,
          1,
          true,
          Optional.empty());

  @Test
  void engines_are_compared_round_by_round() {
    EngineReport report = report();

    assertThat(report.ratios())
        .first()
        .isEqualTo(
            new EngineReport.Ratio(point("b1", "mxnet"), "onnxruntime", new Spread(0.5, 0.25, 2)));
  }

  @Test
  void the_papers_claim_is_the_ratio_of_the_means() {
    assertThat(PaperClaim.of(report())).containsExactly(new PaperClaim("mxnet", 0.1, 0.5, 5));
  }

  @Test
  void points_that_were_not_reached_are_named() {
    assertThat(report().notMeasured()).containsExactly(point("resnet152", "onnxruntime"));
  }

  @Test
  void a_report_reads_back_as_it_was_written(@TempDir Path directory) throws Exception {
    EngineReport report = report();
    Path file = Files.writeString(directory.resolve("report.json"), report.toJson());

    EngineReport read = EngineReport.read(file);

    assertThat(read).isEqualTo(report);
    assertThat(read.latencies("b1", "mxnet", "cpu", Mode.LATENCY)).containsOnlyKeys(1);
    assertThat(read.latencies("b1", "mxnet", "gpu:0", Mode.LATENCY)).isEmpty();
  }

  @Test
  void a_report_of_another_schema_is_refused(@TempDir Path directory) throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("report.json"),
            report().toJson().replace(EngineReport.SCHEMA, "phistream/bench-engine/99"));

    assertThatThrownBy(() -> EngineReport.read(file))
        .isInstanceOf(BenchException.class)
        .hasMessageContaining("phistream/bench-engine/99")
        .hasMessageContaining("expected: " + EngineReport.SCHEMA);
  }

  private static EngineReport report() {
    EngineResults results = new EngineResults(OPTIONS);
    add(results, "b1", "mxnet", 100, 10, 20, 40);
    add(results, "b1", "onnxruntime", 100, 20, 80, 20);
    add(results, "resnet152", "mxnet", 500, 2, 2, 2);
    return results.report();
  }

  private static void add(
      EngineResults results, String model, String engine, double millis, double... rates) {
    for (double rate : rates) {
      results.add(
          point(model, engine),
          new Measurement(rate, 1, 1, new LatencyStats(10, millis, millis, millis, millis, millis)),
          new EngineFacts(engine, "1", Mode.LATENCY, 1, 1, 1),
          new ModelFacts(model, "random, seed 1", 240, 1, 1));
    }
  }

  private static EnginePoint point(String model, String engine) {
    return new EnginePoint(model, engine, "cpu", Mode.LATENCY, 1);
  }
}
