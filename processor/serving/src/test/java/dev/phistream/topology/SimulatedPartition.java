package dev.phistream.topology;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** What the broker has: an input partition, its committed offset, the changelog and the results. */
final class SimulatedPartition {
  static final String TOPIC = "images";

  private final int events;
  private final Map<SlotKey, PendingEvent> changelog = new LinkedHashMap<>();
  private final List<Long> results = new ArrayList<>();
  private long committed;

  SimulatedPartition(int events) {
    this.events = events;
  }

  int events() {
    return events;
  }

  long committed() {
    return committed;
  }

  Map<SlotKey, PendingEvent> changelog() {
    return Map.copyOf(changelog);
  }

  void changed(SlotKey key, @Nullable PendingEvent event) {
    if (event == null) {
      changelog.remove(key);
    } else {
      changelog.put(key, event);
    }
  }

  void answered(long offset) {
    results.add(offset);
  }

  void commit(long offset) {
    committed = offset;
  }

  /** Offsets of the results, in the order of their arrival. */
  List<Long> results() {
    return List.copyOf(results);
  }

  /** Events without a result. */
  List<Long> lost() {
    return LongStream.range(0, events).filter(offset -> !results.contains(offset)).boxed().toList();
  }

  /** An owner that nothing happens to takes and answers all that is left. */
  void finish(SimulatedTask owner) {
    while (committed < events || owner.unanswered() > 0) {
      while (owner.unanswered() > 0) {
        owner.answer();
      }
      owner.take();
      owner.commit();
    }
    owner.closeInOrder();
  }
}
