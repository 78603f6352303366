package dev.phistream.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.phistream.testkit.BrokerKit;
import dev.phistream.testkit.ProcessorProcess;
import dev.phistream.testkit.TinyModels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code run} as a process, told to stop. */
@Timeout(90)
@ExtendWith(BrokerKit.Extension.class)
class RunCommandIT {
  @Test
  void told_to_stop_while_the_engine_is_being_loaded_it_ends_without_a_crash(
      @TempDir Path models, BrokerKit kafka) throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "/proc tells what a process has loaded");
    TinyModels.write(models, "small", -12);
    Map<String, String> settings =
        Map.of(
            "bootstrap", kafka.bootstrap(),
            "model-repository", models.toString(),
            "models", "small");
    try (ProcessorProcess processor = ProcessorProcess.start(settings)) {
      Path maps = Path.of("/proc", String.valueOf(processor.pid()), "maps");
      Awaitility.await("MXNet's library")
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(5))
          .until(() -> read(maps).contains("libmxnet"));

      assertThat(processor.terminate()).as(processor.output()).isEqualTo(143);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
