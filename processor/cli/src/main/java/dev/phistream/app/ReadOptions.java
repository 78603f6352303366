package dev.phistream.app;

import dev.phistream.client.TopicReader;
import dev.phistream.kafka.ClusterException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** How much of topics a command reads, and how it prints it. */
final class ReadOptions {
  private static final int DEFAULT_TIMEOUT_SECONDS = 30;
  private static final Duration FOREVER = Duration.ofDays(36_500);

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "Wait for N records; exit with code 1 if fewer come in time.")
  private @Nullable Integer count;

  @Option(
      names = "--timeout",
      paramLabel = "S",
      description = "Seconds to wait for --count or with --follow (default for --count: 30).")
  private @Nullable Integer timeoutSeconds;

  @Option(
      names = "--follow",
      description = "Keep reading new records instead of stopping at the present end.")
  private boolean follow;

  @Option(names = "--json", description = "Print one JSON object per line.")
  private boolean json;

  boolean json() {
    return json;
  }

  void check(CommandSpec spec) {
    if (count != null && count < 1) {
      throw new ParameterException(spec.commandLine(), "--count: " + count + " (expected: >= 1)");
    }
    if (timeoutSeconds != null && timeoutSeconds < 1) {
      throw new ParameterException(
          spec.commandLine(), "--timeout: " + timeoutSeconds + " (expected: seconds, >= 1)");
    }
  }

  /**
   * Reads.
   *
   * @param what the name of what is read, in the plural
   * @return the exit code
   */
  int read(TopicReader reader, Console console, String what, TopicReader.Taker printer)
      throws ClusterException {
    AtomicInteger read = new AtomicInteger();
    TopicReader.Taker taker =
        record -> {
          int number = read.incrementAndGet();
          return printer.take(record)
              && !(count != null && number >= count)
              && !console.out().checkError(); // such as a pipe that was closed
        };
    if (count == null && !follow) {
      reader.readToEnd(timeout(Duration.ofSeconds(DEFAULT_TIMEOUT_SECONDS)), taker);
      return 0;
    }
    Duration timeout = timeout(follow ? FOREVER : Duration.ofSeconds(DEFAULT_TIMEOUT_SECONDS));
    reader.readFor(timeout, taker);
    if (count != null && read.get() < count) {
      console
          .err()
          .println(
              "phistream: %d of %d %s within %d s (expected: all); raise --timeout, or see whether the processor runs"
                  .formatted(read.get(), count, what, timeout.toSeconds()));
      return 1;
    }
    return 0;
  }

  private Duration timeout(Duration otherwise) {
    return timeoutSeconds == null ? otherwise : Duration.ofSeconds(timeoutSeconds);
  }
}
