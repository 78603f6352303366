package dev.phistream.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The fault suite in short; {@link LongFaults} is the whole of it. */
@Timeout(180)
class FaultsIT {
  @Test
  void five_faults_lose_repeat_and_swap_nothing(@TempDir Path directory) throws Exception {
    FaultRun.writeModels(directory.resolve("models"));
    try (FaultyBroker broker = FaultyBrokers.start(directory.resolve("broker"))) {
      Summary summary =
          new FaultRun(
                  new FaultRun.Options(
                      Seeds.seed(), "exactly_once_v2", 5, 1500, Duration.ofMinutes(2)),
                  broker,
                  directory.resolve("models"))
              .run();
      System.out.println(summary);

      assertThat(summary.verdict().isExactlyOnce()).as("%s", summary).isTrue();
      assertThat(summary.faultCount()).isEqualTo(5);
      assertThat(summary.events()).isEqualTo(1500);
      assertThat(summary.complaints()).isEmpty();
      assertThat(summary.stoppedAtStart().keySet()).as("SIGTERM's").isSubsetOf(143);
    }
  }
}
