package dev.phistream.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The fault suite: {@code ./mvnw verify -Pfaults}, at most 20 minutes. */
class LongFaults {
  private static final int FAULTS = 51;
  private static final int EVENTS = 20_400;
  private static final int REPLAY_FAULTS = 20;
  private static final int REPLAYED_EVENTS = 20_000;

  /** Two runs, their starts and their ends fit in 20 minutes. */
  private static final Duration DEADLINE = Duration.ofSeconds(510);

  @Test
  @Timeout(600)
  void exactly_once_each_event_has_one_outcome_in_order(@TempDir Path directory) throws Exception {
    Summary summary = run("exactly_once_v2", directory);

    assertThat(summary.verdict().isExactlyOnce()).as("%s", summary).isTrue();
    assertComplete(summary);
  }

  @Test
  @Timeout(600)
  void at_least_once_no_event_is_lost(@TempDir Path directory) throws Exception {
    Summary summary = run("at_least_once", directory);

    assertThat(summary.verdict().isAtLeastOnce()).as("%s", summary).isTrue();
    assertComplete(summary);
  }

  @Test
  @Timeout(420)
  void a_replay_labels_each_event_once_whatever_happens_to_its_instances(@TempDir Path directory)
      throws Exception {
    FaultRun.writeModels(directory.resolve("models"));
    try (FaultyBroker broker = FaultyBrokers.start(directory.resolve("broker"))) {
      ReplayFaultRun.Result result =
          new ReplayFaultRun(broker, directory.resolve("models"), Seeds.seed())
              .run(REPLAYED_EVENTS, REPLAY_FAULTS, Duration.ofMinutes(6));
      System.out.println(result);

      assertThat(result.verdict().isExactlyOnce()).as("%s", result).isTrue();
      assertThat(result.faultCount()).as("%s", result).isEqualTo(REPLAY_FAULTS);
      assertThat(result.exits()).as("%s", result).isNotEmpty().containsOnly(0);
    }
  }

  private static void assertComplete(Summary summary) {
    assertThat(summary.faultCount()).isEqualTo(FAULTS);
    assertThat(summary.events()).isEqualTo(EVENTS);
    assertThat(summary.complaints()).isEmpty();
    assertThat(summary.stoppedAtStart().keySet()).as("SIGTERM's").isSubsetOf(143);
  }

  private static Summary run(String guarantee, Path directory) throws Exception {
    FaultRun.writeModels(directory.resolve("models"));
    try (FaultyBroker broker = FaultyBrokers.start(directory.resolve("broker"))) {
      Summary summary =
          new FaultRun(
                  new FaultRun.Options(Seeds.seed(), guarantee, FAULTS, EVENTS, DEADLINE),
                  broker,
                  directory.resolve("models"))
              .run();
      System.out.println(summary);
      return summary;
    }
  }
}
