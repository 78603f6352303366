package dev.phistream.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.testkit.TinyModels;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopologyCommandTest {
  @TempDir static Path repository;

  @BeforeAll
  static void write_a_model() throws Exception {
    TinyModels.write(repository, "tiny", -8);
  }

  @Test
  void the_topology_is_shown_as_text_and_as_a_flow_chart() {
    CommandRun run =
        CommandRun.of(
            "topology",
            "--set",
            "models=" + repository.resolve("tiny"),
            "--set",
            "topics.input=my-images");

    assertThat(run.code()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .startsWith("Topologies:")
        .contains("Sub-topology: 0")
        .contains("(topics: [my-images])")
        .containsSubsequence(
            "Sub-topology: 0",
            "Sink: labels (extractor class: labels.{tier})",
            "flowchart LR",
            "  classify <--> in-flight-ledger[(in-flight-ledger)]",
            "  classify --> dead-letters",
            "  dead-letters --> topic_of_dead-letters([\"images.dead-letters\"])",
            "  topic_my-images([my-images]) --> images",
            "  images --> classify",
            "  labels --> topic_of_labels([\"labels.{tier}\"])");
  }

  @Test
  void each_role_shows_its_own() {
    CommandRun router =
        CommandRun.of("topology", "--set", "models=" + repository.resolve("tiny"), "--role=router");
    CommandRun classifier =
        CommandRun.of(
            "topology",
            "--set",
            "models=" + repository.resolve("tiny"),
            "--role=classifier",
            "--variants=tiny");

    assertThat(router.out())
        .startsWith("Application: phistream-router")
        .contains("  to-tiny --> topic_of_to-tiny([\"images.routed.tiny\"])")
        .doesNotContain("in-flight-ledger");
    assertThat(classifier.out())
        .startsWith("Application: phistream-classifier-tiny")
        .contains("  topic_images.routed.tiny([images.routed.tiny]) --> images");
  }

  @Test
  void variants_are_for_classifiers_that_have_them() {
    String models = "models=" + repository.resolve("tiny");

    assertThat(CommandRun.of("topology", "--set", models, "--variants=tiny").err())
        .contains(
            "variants: tiny (expected: empty unless role is classifier; models says what is served;"
                + " set by option --variants)");
    assertThat(
            CommandRun.of("topology", "--set", models, "--role=classifier", "--variants=b9").err())
        .contains("variants: b9 (expected: one of tiny; set by option --variants)");
    assertThat(
            CommandRun.of(
                    "topology", "--set", models, "--role=router", "--set=router.expected.b9=5ms")
                .err())
        .contains(
            "router.expected.b9: 5ms (expected: one of tiny in place of b9; set by option --set)");
    assertThat(CommandRun.of("topology", "--set", models, "--set=topics.routed=everywhere").err())
        .contains(
            "topics.routed: everywhere (expected: a topic's name with {variant} in it; set by"
                + " option --set)");
  }

  @Test
  void a_setting_that_is_wrong_is_misuse_and_named_in_one_line() {
    CommandRun run = CommandRun.of("topology", "--set", "window.events=many");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).startsWith("phistream: ").contains("window.events");
  }

  @Test
  void a_model_that_is_missing_is_named_in_one_line() {
    CommandRun run = CommandRun.of("topology", "--set", "models=" + repository.resolve("gone"));

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).startsWith("phistream: " + repository.resolve("gone")).hasLineCount(1);
  }
}
