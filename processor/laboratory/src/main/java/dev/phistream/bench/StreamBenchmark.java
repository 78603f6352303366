package dev.phistream.bench;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * Measures the stream, scenario by scenario, on an embedded broker in this process. Whatever is
 * compared runs in turn in processes of its own, so that all see the same machine.
 */
public final class StreamBenchmark {
  private final StreamOptions options;
  private final Consumer<String> progress;

  /**
   * Creates a benchmark.
   *
   * @param progress is told what is going on
   */
  public StreamBenchmark(StreamOptions options, Consumer<String> progress) {
    this.options = options;
    this.progress = progress;
  }

  /**
   * Runs it; takes minutes.
   *
   * @throws BenchException when something does not work, with what to do about it
   * @throws ExecutionException when Kafka does not take an event
   */
  public StreamReport run() throws BenchException, InterruptedException, ExecutionException {
    List<ScenarioReport> reports = new ArrayList<>();
    try (BenchEnvironment environment = BenchEnvironment.open(options, progress)) {
      for (Scenario kind : Scenario.values()) {
        if (options.scenarios().contains(kind)) {
          reports.add(scenario(kind).run(environment));
        }
      }
      return new StreamReport(
          StreamReport.SCHEMA,
          Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
          MachineFacts.here(),
          options.model(),
          environment.images().stream().mapToLong(image -> image.length).sum()
              / environment.images().size(),
          reports);
    }
  }

  private static StreamScenario scenario(Scenario kind) {
    return switch (kind) {
      case THROUGHPUT -> new StreamThroughput();
      case LATENCY -> new StreamLatency();
      case SINGLE -> new StreamSingle();
      case MEMORY -> new StreamMemory();
      case PEERS -> new StreamPeers();
      case REPLAY -> new StreamReplay();
      case BROWNOUT -> new StreamBrownout();
      case CHANGELOG -> new StreamChangelog();
    };
  }
}
