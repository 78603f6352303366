package dev.phistream.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.phistream.app.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line of plan, on the published measurements of b0 and b1. */
class PlanCommandTest {
  private static final String MEASURED = "../../docs/performance/engines.json";

  @Test
  void prints_what_is_needed_and_what_the_tiers_would_see() {
    CommandRun run =
        plan(
            "--rate",
            "500",
            "--mix",
            "latency=70,accuracy=30",
            "--set",
            "tiers.latency.objective=1s");

    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains("load       500/s: accuracy 30 %, latency 70 %")
        .contains("needed     ")
        .contains("with 20 % headroom")
        .contains("p99 ms")
        .contains("yes, planned");
  }

  @Test
  void prints_the_load_beside_p99_and_what_p99_is_if_work_was_measured_a_little_wrong() {
    CommandRun run = plan("--rate", "500", "--mix", "latency=70,accuracy=30");

    assertThat(run.out())
        .containsPattern("each +[0-9.]+/s of at most [0-9.]+/s; load [0-9]+ % \\(devices\\)")
        .containsPattern("work +load +latency p99 +accuracy p99")
        .containsPattern("-15 % +[0-9]+ % +[0-9.]+ ms")
        .containsPattern("\\+15 % +[0-9]+ % +[0-9.]+ ms");
  }

  @Test
  void a_plan_is_printed_as_json() throws IOException {
    CommandRun run = plan("--rate", "2M", "--mix", "latency=1", "--json");

    JsonNode json = JsonMapper.builder().build().readTree(run.out());
    assertThat(json.get("schema").asText()).isEqualTo("phistream/plan/1");
    assertThat(json.get("instances").asInt()).isGreaterThan(1000);
  }

  @Test
  void batches_that_take_more_work_beside_decoding_need_more_instances() throws IOException {
    CommandRun alone = plan("--rate", "5k", "--mix", "latency=1", "--json");
    CommandRun beside = plan("--rate", "5k", "--mix", "latency=1", "--batch-work", "1.4", "--json");

    assertThat(instances(beside)).isGreaterThan(instances(alone));
  }

  @Test
  void work_that_was_measured_is_planned_with(@TempDir Path directory) throws IOException {
    Path work =
        Files.writeString(
            directory.resolve("work.json"),
            """
            {"schema": "phistream/bench-plan/1", "work": {
              "decoding": {"millis": [6, 10]}, "batches": 1.1, "schedulingDelay": {"millis": [0, 1]}}}
            """);

    CommandRun usual = planLeniently();
    CommandRun measured = planLeniently("--work", work.toString());
    CommandRun otherImages = planLeniently("--work", work.toString(), "--decode-ms", "2");

    assertThat(measured.err()).isEmpty();
    assertThat(decodeMillis(usual)).isEqualTo(4.4);
    assertThat(decodeMillis(measured)).isEqualTo(8);
    assertThat(decodeMillis(otherImages)).isEqualTo(2);
    assertThat(instances(measured)).isGreaterThan(instances(usual));
    assertThat(instances(otherImages)).isLessThan(instances(measured));
  }

  @Test
  void a_file_without_work_is_named(@TempDir Path directory) throws IOException {
    Path other = Files.writeString(directory.resolve("other.json"), "{}");

    CommandRun run = plan("--rate", "5", "--work", other.toString());

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains(other.toString()).contains("bench plan --json");
  }

  private static CommandRun planLeniently(String... more) {
    return plan(
        Stream.concat(
                Stream.of(
                    "--rate",
                    "5k",
                    "--mix",
                    "latency=1",
                    "--json",
                    "--set",
                    "tiers.latency.objective=1s"),
                Stream.of(more))
            .toArray(String[]::new));
  }

  private static double decodeMillis(CommandRun run) throws IOException {
    return JsonMapper.builder()
        .build()
        .readTree(run.out())
        .get("asked")
        .get("instance")
        .get("decodeMillis")
        .asDouble();
  }

  private static int instances(CommandRun run) throws IOException {
    return JsonMapper.builder().build().readTree(run.out()).get("instances").asInt();
  }

  @Test
  void draws_a_plot(@TempDir Path directory) {
    Path file = directory.resolve("plan.svg");

    CommandRun run = plan("--rate", "500", "--mix", "latency=1", "--plot", file.toString());

    assertThat(run.code()).isZero();
    assertThat(file).content().contains("<svg");
  }

  @Test
  void each_tier_of_a_plot_has_a_line_of_its_own_colour(@TempDir Path directory)
      throws IOException {
    Path one = directory.resolve("one.svg");
    Path two = directory.resolve("two.svg");

    plan("--rate", "50", "--mix", "latency=1", "--plot", one.toString());
    plan("--rate", "50", "--mix", "latency=1,accuracy=1", "--plot", two.toString());

    assertThat(colours(two)).hasSizeGreaterThan(colours(one).size());
  }

  private static Set<String> colours(Path svg) throws IOException {
    return Pattern.compile("rgb\\([^)]*\\)")
        .matcher(Files.readString(svg))
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toSet());
  }

  @Test
  void the_mix_is_the_default_tier_unless_it_is_given() {
    CommandRun run = plan("--rate", "50", "--set", "tiers.default=accuracy");

    assertThat(run.out()).contains("load       50/s: accuracy 100 %");
  }

  @Test
  void settings_are_those_of_run() {
    CommandRun run =
        plan("--rate", "5", "--mix", "latency=1", "--set", "tiers.latency.objective=5ms");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("tier latency").contains("objective 5 ms");
  }

  @Test
  void a_model_without_measurement_is_named_with_what_to_run() {
    CommandRun run =
        LaboratoryRun.of(
            "plan",
            "--rate",
            "500",
            "--mix",
            "latency=1",
            "--measured",
            MEASURED,
            "--set",
            "models=phi-11");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err())
        .contains(MEASURED + ": no measurement of phi-11 on mxnet (cpu)")
        .contains("b0 on mxnet (cpu)")
        .contains("./phistream bench engine --variants phi-11 --engines mxnet --devices cpu");
  }

  @Test
  void a_gpu_that_was_not_measured_is_missing_too() {
    CommandRun run = plan("--rate", "500", "--mix", "latency=1", "--devices", "gpu:4");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("no measurement of b0 on mxnet (gpu:0)");
  }

  @Test
  void a_file_that_is_no_report_is_named(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("other.json"), "{}");

    CommandRun run = LaboratoryRun.of("plan", "--rate", "5", "--measured", file.toString());

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains(file.toString()).contains("bench engine --json");
  }

  @Test
  void a_cascade_is_refused() {
    CommandRun run =
        plan("--rate", "5", "--mix", "accuracy=1", "--set", "tiers.accuracy.cascade.small=b0");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err())
        .contains("tiers.accuracy.cascade.small: b0")
        .contains("does not simulate");
  }

  @Test
  void misuse_names_the_option() {
    assertThat(plan("--rate", "many").code()).isEqualTo(2);
    assertThat(plan("--rate", "many").err()).contains("--rate: many");
    assertThat(plan("--rate", "5", "--mix", "gold=1").err()).contains("--mix: gold=1");
    assertThat(plan("--rate", "5", "--devices", "tpu").err()).contains("--devices: tpu");
    assertThat(plan("--rate", "5", "--headroom", "-1").err()).contains("--headroom: -1");
    assertThat(plan("--rate", "5", "--batch-work", "0").err()).contains("--batch-work: 0");
    assertThat(plan("--rate", "5", "--decode-ms", "-1").err()).contains("--decode-ms: -1");
    assertThat(plan("--rate", "5", "--cores", "0").err()).contains("--cores: 0");
  }

  private static CommandRun plan(String... options) {
    String[] all = new String[options.length + 5];
    all[0] = "plan";
    all[1] = "--measured";
    all[2] = MEASURED;
    all[3] = "--set";
    all[4] = "models=b0,b1";
    System.arraycopy(options, 0, all, 5, options.length);
    return LaboratoryRun.of(all);
  }
}
