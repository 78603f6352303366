package dev.phistream.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.phistream.app.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans against real runs: that they run and what they say, not how fast this machine is. */
class BenchPlanCommandTest {
  @TempDir private static Path directory;
  private static CommandRun run;

  @BeforeAll
  static void one_round() {
    run =
        LaboratoryRun.of(
            "bench",
            "plan",
            "--set",
            "models=phi-11",
            "--set",
            "batch.max-size=2",
            "--mix",
            "latency=1",
            "--loads",
            "20",
            "--rounds",
            "1",
            "--seconds",
            "4",
            "--warm-up",
            "1",
            "--json");
  }

  @Test
  void a_round_says_what_was_planned_and_what_came() throws IOException {
    assertThat(run.err()).contains("round 1, 20 % load, latency: p50");
    assertThat(run.code()).isZero();
    JsonNode report = JsonMapper.builder().build().readTree(run.out());
    assertThat(report.get("schema").asText()).isEqualTo("phistream/bench-plan/1");
    assertThat(report.get("scenario").get("figures").findValuesAsText("name"))
        .contains(
            "20 % load, latency: p50 planned",
            "20 % load, latency: p50 real",
            "20 % load, latency: p50 planned ÷ real",
            "20 % load, latency: decoding: mean planned",
            "20 % load, latency: decoding: mean real",
            "20 % load: cores at work real",
            "20 % load: load planned",
            "20 % load: events answered real",
            "20 % load, latency: p99 planned at +15 % work");
  }

  @Test
  void what_it_found_events_to_cost_can_be_planned_with() throws IOException {
    Path work = Files.writeString(directory.resolve("work.json"), run.out());

    CommandRun plan =
        LaboratoryRun.of(
            "plan",
            "--rate",
            "50",
            "--mix",
            "latency=1",
            "--set",
            "models=b0",
            "--set",
            "tiers.latency.objective=1s",
            "--measured",
            "../../docs/performance/engines.json",
            "--work",
            work.toString());

    assertThat(plan.err()).isEmpty();
    assertThat(plan.code()).isZero();
  }

  @Test
  void misuse_names_the_option() {
    CommandRun run = LaboratoryRun.of("bench", "plan", "--rounds", "0");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--rounds: 0");
  }
}
