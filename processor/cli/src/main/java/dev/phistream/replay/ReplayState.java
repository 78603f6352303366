package dev.phistream.replay;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the journal says of one replay: its newest generation. Not thread-safe. */
final class ReplayState {
  private final Map<Integer, JournalRecord.PartitionDone> done = new TreeMap<>();
  private @Nullable ReplayPlan plan;

  /** Takes the next record. */
  void take(JournalRecord record) {
    if (record instanceof JournalRecord.Planned planned) {
      if (plan == null || planned.plan().generation() > plan.generation()) {
        plan = planned.plan();
        done.clear();
      }
    } else if (record instanceof JournalRecord.PartitionDone partition
        && plan != null
        && partition.generation() == plan.generation()) {
      done.putIfAbsent(partition.partition(), partition);
    }
  }

  /** The plan, or null before there is one. */
  @Nullable ReplayPlan plan() {
    return plan;
  }

  /** Partitions that are done, by number; empty ranges are done without a word. */
  Map<Integer, JournalRecord.PartitionDone> done() {
    return Map.copyOf(done);
  }

  /** Whether all is done. */
  boolean isFinished() {
    return plan != null
        && plan.ranges().stream()
            .allMatch(range -> range.offsets() == 0 || done.containsKey(range.partition()));
  }
}
