package dev.phistream.replay;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;

/**
 * How far consumers of this process have come in the ranges of a plan. That the position is past
 * the end is the only way to know that nothing more comes: the last offsets may be transaction
 * marks, aborted, compacted away or deleted. Thread-safe; written by consumers, read by tasks.
 */
final class FetchWatch {
  private static final long NOTHING = -1;

  private final ReplayPlan plan;
  private final Map<Integer, Long> delivered = new ConcurrentHashMap<>();
  private final Map<Integer, Long> deleted = new ConcurrentHashMap<>();
  private final Set<Integer> passed = ConcurrentHashMap.newKeySet();

  FetchWatch(ReplayPlan plan) {
    this.plan = plan;
  }

  /** Whether a partition belongs to the replayed topic; others are the ledger's and the counts'. */
  boolean concerns(TopicPartition partition) {
    return partition.topic().equals(plan.topic());
  }

  /** A consumer goes on elsewhere, and what it handed out before still counts. */
  void unpass(TopicPartition partition) {
    passed.remove(partition.partition());
  }

  /** A task begins anew, and what its partition's consumer handed out before is forgotten. */
  void forget(TopicPartition partition) {
    passed.remove(partition.partition());
    delivered.remove(partition.partition());
  }

  /** The consumer handed out records up to an offset. */
  void delivered(TopicPartition partition, long offset) {
    delivered.put(partition.partition(), offset);
  }

  /**
   * The consumer's position.
   *
   * @return whether it is past the end
   */
  boolean at(TopicPartition partition, long position) {
    boolean past = position >= plan.range(partition.partition()).end();
    if (past) {
      passed.add(partition.partition());
    } else {
      passed.remove(partition.partition());
    }
    return past;
  }

  /** Whether the consumer is past the end. */
  boolean isPast(TopicPartition partition) {
    return passed.contains(partition.partition());
  }

  /** Offsets of the range that were deleted before they were read. */
  void deleted(TopicPartition partition, long from, long to) {
    PartitionRange range = plan.range(partition.partition());
    long lost = Math.min(to, range.end()) - Math.max(from, range.start());
    if (lost > 0) {
      deleted.merge(partition.partition(), lost, Long::sum);
    }
  }

  /** Takes what {@link #deleted} noted since the last call. */
  long takeDeleted(int partition) {
    Long lost = deleted.remove(partition);
    return lost == null ? 0 : lost;
  }

  /**
   * Whether a task has seen all that there is of its partition.
   *
   * @param position behind the last event that the task looked at
   */
  boolean isExhausted(int partition, long position) {
    return passed.contains(partition) && delivered.getOrDefault(partition, NOTHING) < position;
  }
}
