package dev.phistream.faults;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A run in figures.
 *
 * @param faults by kind
 * @param events that were acknowledged
 * @param labels records of the label topics
 * @param deadLetters records of the dead-letter topic
 * @param instances processes that were started
 * @param longestGap the longest time without any result while events waited
 * @param time from the first instance to the verdict
 * @param complaints what processors did that they should not
 * @param stoppedAtStart exit codes other than 0 of those told to stop before they were ready
 * @param withoutBroker how many started while the broker was away, and ended for it
 */
record Summary(
    FaultRun.Options options,
    String broker,
    Map<FaultKind, Integer> faults,
    int events,
    int labels,
    int deadLetters,
    int instances,
    Duration longestGap,
    Duration time,
    Verdict verdict,
    List<String> complaints,
    Map<Integer, Integer> stoppedAtStart,
    int withoutBroker) {
  Summary {
    faults = Map.copyOf(faults);
  }

  int faultCount() {
    return faults.values().stream().mapToInt(Integer::intValue).sum();
  }

  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder(
            "Faults, seed %d, %s, %s: %d faults %s, %d instances, %d events, %d labels, %d dead letters, %d duplicates, longest gap without results %.1f s, %d s%n  %s%n"
                .formatted(
                    options.seed(),
                    options.guarantee(),
                    broker,
                    faultCount(),
                    new TreeMap<>(faults),
                    instances,
                    events,
                    labels,
                    deadLetters,
                    verdict.doubled().size(),
                    longestGap.toMillis() / 1000.0,
                    time.toSeconds(),
                    verdict));
    complaints.forEach(complaint -> text.append("  ").append(complaint).append('\n'));
    if (!stoppedAtStart.isEmpty()) {
      text.append("  told to stop while starting, by exit code: %s%n".formatted(stoppedAtStart));
    }
    if (withoutBroker > 0) {
      text.append("  started while the broker was away: %d%n".formatted(withoutBroker));
    }
    return text.append("  replay: -Dphistream.test.seed=").append(options.seed()).toString();
  }
}
