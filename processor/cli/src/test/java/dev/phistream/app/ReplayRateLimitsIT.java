package dev.phistream.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.phistream.event.Classification;
import dev.phistream.testkit.BrokerKit;
import dev.phistream.testkit.ProcessorProcess;
import dev.phistream.testkit.TinyModels;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** How much a replay takes, and that it stands still when told to. */
@Timeout(120)
@ExtendWith(BrokerKit.Extension.class)
class ReplayRateLimitsIT {
  @TempDir private static Path models;

  private final ReplayBed bed;

  ReplayRateLimitsIT(BrokerKit kafka) {
    this.bed = new ReplayBed(kafka, models);
  }

  @BeforeAll
  static void small_networks() throws Exception {
    TinyModels.write(models, "small", -12);
    TinyModels.write(models, "large", -10);
  }

  @Test
  void the_devices_are_busy_for_no_more_than_the_share() throws Exception {
    bed.send(150);

    CommandRun run =
        bed.replay("--from=earliest", "--to=latest", "--variant=large", "--max-share=0.25");

    assertThat(run.code()).as(run.err()).isZero();
    List<Classification> labels = bed.labels();
    assertThat(labels).as(run.out()).hasSize(150);
    double busy =
        labels.stream()
                .mapToDouble(label -> label.getTimings().getInferenceMs() / label.getBatchSize())
                .sum()
            / 1e3;
    Instant first =
        labels.stream().map(Classification::getClassifiedAt).min(Instant::compareTo).orElseThrow();
    Instant last =
        labels.stream().map(Classification::getClassifiedAt).max(Instant::compareTo).orElseThrow();
    double elapsed = Duration.between(first, last).toMillis() / 1e3;
    // The first micro-batches go before anything has been measured.
    assertThat(busy / elapsed).as("%.2f s of %.2f s", busy, elapsed).isLessThan(0.4);
  }

  @Test
  void a_signal_pauses_and_another_goes_on_at_the_rate_that_was_said() throws Exception {
    bed.send(120);
    List<String> arguments =
        bed.arguments("--from=earliest", "--to=latest", "--variant=small", "--rate=30", "--json");
    try (ProcessorProcess replay =
        ProcessorProcess.start(arguments, Map.of(), Map.of("PHISTREAM_LOG_LEVEL", "WARN"))) {
      Awaitility.await("first labels")
          .atMost(Duration.ofSeconds(60))
          .failFast("the replay runs", replay::checkAlive)
          .until(() -> replay.output().contains("replay ") && labelledSoFar() > 0);

      signal(replay, "USR2");
      int[] before = {-1};
      Awaitility.await("standing still")
          .atMost(Duration.ofSeconds(10))
          .pollInterval(Duration.ofMillis(700))
          .until(() -> before[0] == (before[0] = labelledSoFar()));
      assertThat(before[0]).isLessThan(120);

      signal(replay, "CONT");
      assertThat(CompletableFuture.supplyAsync(replay::awaitEnd).get(60, TimeUnit.SECONDS))
          .isZero();
      assertThat(bed.labelled()).as(replay.output()).hasSize(120).doesNotHaveDuplicates();
      String output = replay.output();
      JsonNode report =
          new ObjectMapper()
              .readTree(output.substring(output.indexOf("{" + System.lineSeparator())));
      assertThat(report.path("seconds").doubleValue()).isGreaterThan((120 - 8) / 30.0);
    }
  }

  private int labelledSoFar() {
    try {
      return bed.labels().size();
    } catch (RuntimeException e) { // before there is an output topic
      return 0;
    }
  }

  private static void signal(ProcessorProcess replay, String name)
      throws IOException, InterruptedException {
    assertThat(
            new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + replay.pid())
                .start()
                .waitFor())
        .isZero();
  }
}
