package dev.phistream.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What to measure of the stream.
 *
 * @param scenarios at least one
 * @param rounds that count in each scenario; medians over them are reported
 * @param warmUpRounds before them, which do not count
 * @param events in a round of throughput and peers
 * @param latencyEvents of the latency tier in each case, and of one at a time in each round
 * @param memoryEvents in the memory run
 * @param model of throughput, single and peers: an id, a directory or a published variant
 * @param accuracyModel of the accuracy tier in the latency scenario
 * @param images encoded images, sent in turn; empty for drawn ones of about 90 kB
 * @param oneProcess whether contestants share a process: quicker, and the figures tell less
 * @param settings further settings of the processor
 * @param repository directory of the models
 */
public record StreamOptions(
    Set<Scenario> scenarios,
    int rounds,
    int warmUpRounds,
    int events,
    int latencyEvents,
    int memoryEvents,
    String model,
    String accuracyModel,
    List<byte[]> images,
    boolean oneProcess,
    Map<String, String> settings,
    Optional<Path> repository) {
  private static final int MAX_ROUNDS = 100;
  private static final int MAX_EVENTS = 10_000_000;

  /**
   * Checks what can be checked without running anything.
   *
   * @throws IllegalArgumentException naming the option, what it was and what was expected
   */
  public StreamOptions {
    if (scenarios.isEmpty()) {
      throw new IllegalArgumentException("scenarios: none (expected: at least one)");
    }
    check("rounds", rounds, 1, MAX_ROUNDS);
    check("warm-up", warmUpRounds, 0, MAX_ROUNDS);
    check("events", events, 1, MAX_EVENTS);
    check("latency-events", latencyEvents, 1, MAX_EVENTS);
    check("memory-events", memoryEvents, StreamMemory.SAMPLES, MAX_EVENTS);
    scenarios = Set.copyOf(scenarios);
    images = List.copyOf(images);
    settings = Map.copyOf(settings);
  }

  private static void check(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s: %d (expected: %d to %d)".formatted(option, value, least, most));
    }
  }
}
