package dev.phistream.replay;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What came out of a finished replay, by all its instances and starts.
 *
 * @param plan what it did
 * @param finished when, ISO-8601
 * @param read events in the range, left out or not
 * @param labelled events with labels
 * @param deadLetters events that could not be classified, by error code
 * @param skipped events left out, by reason
 * @param sameLabel events whose first label is the same as before
 * @param changes events whose first label is another than before, most frequent first
 * @param deletedOffsets offsets that retention deleted before they were read
 */
public record ReplayReport(
    ReplayPlan plan,
    String finished,
    long read,
    long labelled,
    Map<String, Long> deadLetters,
    Map<String, Long> skipped,
    long sameLabel,
    List<Change> changes,
    long deletedOffsets) {
  private static final String TAB = "\t";

  /** A first label that became another, and how often. */
  public record Change(String before, String now, long events) {}

  static ReplayReport of(ReplayPlan plan, Collection<JournalRecord.PartitionDone> partitions) {
    Map<String, Long> sums = new TreeMap<>();
    long last = plan.createdAt().toEpochMilli();
    for (JournalRecord.PartitionDone partition : partitions) {
      partition.counts().forEach((name, count) -> sums.merge(name, count, Long::sum));
      last = Math.max(last, partition.finished());
    }
    return new ReplayReport(
        plan,
        Instant.ofEpochMilli(last).toString(),
        sums.getOrDefault(Counts.READ, 0L),
        sums.getOrDefault(Counts.LABELLED, 0L),
        after(Counts.DEAD, sums),
        after(Counts.SKIPPED, sums),
        sums.getOrDefault(Counts.SAME_LABEL, 0L),
        changes(after(Counts.CHANGED, sums)),
        sums.getOrDefault(Counts.DELETED, 0L));
  }

  /** Events that could not be classified. */
  @JsonProperty
  public long deadLettersInAll() {
    return deadLetters.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Events left out. */
  @JsonProperty
  public long skippedInAll() {
    return skipped.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Seconds from its planning to its end, pauses and crashes included. */
  @JsonProperty
  public double seconds() {
    return Duration.between(plan.createdAt(), Instant.parse(finished)).toMillis() / 1e3;
  }

  private static Map<String, Long> after(String prefix, Map<String, Long> sums) {
    Map<String, Long> found = new TreeMap<>();
    sums.forEach(
        (name, count) -> {
          if (name.startsWith(prefix)) {
            found.put(name.substring(prefix.length()), count);
          }
        });
    return found;
  }

  private static List<Change> changes(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .map(
            entry -> {
              String[] labels = entry.getKey().split(TAB, 2);
              return new Change(labels[0], labels[1], entry.getValue());
            })
        .sorted(Comparator.comparingLong(Change::events).reversed())
        .toList();
  }
}
