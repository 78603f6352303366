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
            "flowchart LR",
            "  classify <--> in-flight-ledger[(in-flight-ledger)]",
            "  classify --> dead-letters",
            "  dead-letters --> topic_of_dead-letters([images.dead-letters])",
            "  topic_my-images([my-images]) --> images",
            "  images --> classify",
            "  labels --> topic_of_labels([chosen per record])");
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
