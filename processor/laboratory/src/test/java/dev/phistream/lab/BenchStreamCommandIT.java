package dev.phistream.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.phistream.app.CommandRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** All scenarios in miniature: whether they measure, not what. */
@EnabledOnOs(OS.LINUX)
class BenchStreamCommandIT {
  @Test
  @Timeout(180)
  void every_scenario_is_measured_and_reported(@TempDir Path directory) throws Exception {
    CommandRun run =
        LaboratoryRun.of(
            "bench",
            "stream",
            // Brownout takes more than a minute by its nature.
            "--scenarios=throughput,latency,single,memory,peers,replay,changelog",
            "--rounds=1",
            "--warm-up=0",
            "--events=40",
            "--latency-events=2",
            "--memory-events=400",
            "--model=phi-11",
            "--one-process",
            "--set=workers=1",
            "--set=batch.max-size=2",
            "--set=window.events=8",
            "--accuracy-model=phi-9",
            "--json",
            "--out=" + directory);

    assertThat(run.code()).as(run.err()).isZero();
    JsonNode report = new ObjectMapper().readTree(run.out());
    assertThat(Files.readString(directory.resolve("stream.json")).strip())
        .isEqualTo(run.out().strip());
    assertThat(report.get("scenarios"))
        .extracting(scenario -> scenario.get("scenario").asText())
        .containsExactly(
            "throughput", "latency", "single", "memory", "peers", "replay", "changelog");
    assertThat(figures(report))
        .allSatisfy(
            figure -> {
              assertThat(figure.get("value").asDouble()).isFinite();
              assertThat(figure.get("rounds")).isNotEmpty();
            })
        .filteredOn(figure -> figure.has("goal"))
        .extracting(figure -> figure.get("goal").get("sense").asText())
        .containsOnly("at least", "at most")
        .hasSizeGreaterThanOrEqualTo(11);
    assertThat(value(report, "exactly once ÷ without Kafka")).isPositive();
    assertThat(value(report, "mean batch ÷ target, exactly once")).isBetween(0.1, 1.0);
    assertThat(value(report, "own CPU, exactly once")).isPositive();
    assertThat(value(report, "one accuracy batch, median")).isPositive();
    assertThat(value(report, "at least once, p99"))
        .isGreaterThanOrEqualTo(value(report, "at least once, median"));
    assertThat(value(report, "resident, at the end")).isPositive();
    assertThat(value(report, "replay ÷ live")).isPositive();
    assertThat(value(report, "entries, backlog, exactly once")).isBetween(0.0, 1.0);
    assertThat(value(report, "deletions, backlog, at least once")).isBetween(0.0, 1.0);
    assertThat(value(report, "Phistream ÷ camel-djl, at least once")).isPositive();
    assertThat(directory.resolve("stream-memory.svg")).exists();
  }

  @Test
  void nonsense_is_misuse_and_said_to_be() {
    CommandRun run = LaboratoryRun.of("bench", "stream", "--memory-events=3");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--memory-events: 3 (expected: 20 to 10000000)");
  }

  private static double value(JsonNode report, String name) {
    return figures(report).stream()
        .filter(figure -> figure.get("name").asText().equals(name))
        .mapToDouble(figure -> figure.get("value").asDouble())
        .findAny()
        .orElseThrow();
  }

  private static List<JsonNode> figures(JsonNode report) {
    List<JsonNode> figures = new ArrayList<>();
    report.get("scenarios").forEach(scenario -> scenario.get("figures").forEach(figures::add));
    return figures;
  }
}
