package dev.phistream.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A replay under faults, in short; {@link LongFaults} has more of them. */
@Timeout(180)
class ReplayFaultsIT {
  @Test
  void instances_that_die_freeze_and_join_label_each_event_once_and_all_end(@TempDir Path directory)
      throws Exception {
    FaultRun.writeModels(directory.resolve("models"));
    try (FaultyBroker broker = FaultyBrokers.start(directory.resolve("broker"))) {
      ReplayFaultRun.Result result =
          new ReplayFaultRun(broker, directory.resolve("models"), Seeds.seed())
              .run(4000, 4, Duration.ofMinutes(2));
      System.out.println(result);

      assertThat(result.verdict().isExactlyOnce()).as("%s", result).isTrue();
      assertThat(result.faultCount()).as("%s", result).isEqualTo(4);
      assertThat(result.exits()).as("%s", result).isNotEmpty().containsOnly(0);
    }
  }
}
