package dev.phistream.replay;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the journal says of one replay: its newest generation. Not thread-safe. */
final class ReplayState {
  private final Map<Integer, Notice.PartitionDone> done = new TreeMap<>();
  private @Nullable ReplayPlan plan;

  /** Takes the next notice. */
  void take(Notice notice) {
    if (notice instanceof Notice.Planned planned) {
      if (plan == null || planned.plan().generation() > plan.generation()) {
        plan = planned.plan();
        done.clear();
      }
    } else if (notice instanceof Notice.PartitionDone partition
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
  Map<Integer, Notice.PartitionDone> done() {
    return Map.copyOf(done);
  }

  /** Whether all is done. */
  boolean isFinished() {
    return plan != null
        && plan.ranges().stream()
            .allMatch(range -> range.offsets() == 0 || done.containsKey(range.partition()));
  }
}
