package dev.phistream.batching;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Decides which items make up the next micro-batch. It holds no thread and no clock: time comes in
 * with each call, so that every rule can be tested in virtual time. Not thread-safe.
 *
 * <p>A variant's queue is ready when it is full, when its most urgent item is due, or when nothing
 * more is on its way to it (waiting would then only cost time). Of several ready queues, the one
 * with the most urgent item goes first. Within a queue the most urgent items go first, and equally
 * urgent ones in order of arrival.
 */
final class BatchScheduler<T> {
  /** A micro-batch: items of one variant, most urgent first. */
  record Batch<T>(String variant, List<T> items) {}

  private record Waiting<T>(T item, long dueNanos, long sequence)
      implements Comparable<Waiting<T>> {
    @Override
    public int compareTo(Waiting<T> other) {
      // By difference, because nanosecond clocks may wrap.
      int byDue = Long.signum(dueNanos - other.dueNanos);
      return byDue != 0 ? byDue : Long.compare(sequence, other.sequence);
    }
  }

  private static final class Queue<T> {
    private final PriorityQueue<Waiting<T>> waiting = new PriorityQueue<>();
    private int expected;

    boolean isReady(long nowNanos, int maxBatch) {
      Waiting<T> first = waiting.peek();
      return first != null
          && (waiting.size() >= maxBatch || expected == 0 || first.dueNanos() - nowNanos <= 0);
    }
  }

  private final Map<String, Queue<T>> queues = new HashMap<>();
  private long nextSequence;

  /** Says that an item of {@code variant} is on its way; it must later be added or withdrawn. */
  void expect(String variant) {
    queue(variant).expected++;
  }

  /** Takes back one {@link #expect}: the item will not come. */
  void withdraw(String variant) {
    queue(variant).expected--;
  }

  /** Adds an expected item that should start no later than {@code dueNanos}. */
  void add(String variant, T item, long dueNanos) {
    Queue<T> queue = queue(variant);
    queue.expected--;
    queue.waiting.add(new Waiting<>(item, dueNanos, nextSequence++));
  }

  /**
   * The micro-batch that a device should start now, or null when none is ready.
   *
   * @param maxBatch most items that the device takes of a variant at once
   */
  @Nullable Batch<T> poll(long nowNanos, ToIntFunction<String> maxBatch) {
    String chosen = null;
    Waiting<T> mostUrgent = null;
    for (Map.Entry<String, Queue<T>> entry : queues.entrySet()) {
      Waiting<T> first = entry.getValue().waiting.peek();
      if (first != null
          && entry.getValue().isReady(nowNanos, maxBatch.applyAsInt(entry.getKey()))
          && (mostUrgent == null || first.compareTo(mostUrgent) < 0)) {
        chosen = entry.getKey();
        mostUrgent = first;
      }
    }
    return chosen == null ? null : take(chosen, maxBatch.applyAsInt(chosen));
  }

  /** Time until a queue becomes ready by age alone; {@link Long#MAX_VALUE} when all are empty. */
  long nanosUntilDue(long nowNanos) {
    long soonest = Long.MAX_VALUE;
    for (Queue<T> queue : queues.values()) {
      Waiting<T> first = queue.waiting.peek();
      if (first != null) {
        soonest = Math.min(soonest, Math.max(0, first.dueNanos() - nowNanos));
      }
    }
    return soonest;
  }

  /** Items waiting in all queues. */
  int size() {
    return queues.values().stream().mapToInt(queue -> queue.waiting.size()).sum();
  }

  /** Takes every waiting item out, in no particular order. */
  List<T> clear() {
    List<T> all = new ArrayList<>();
    for (Queue<T> queue : queues.values()) {
      queue.waiting.forEach(waiting -> all.add(waiting.item()));
      queue.waiting.clear();
    }
    return all;
  }

  private Batch<T> take(String variant, int maxBatch) {
    Queue<T> queue = queue(variant);
    Deque<T> items = new ArrayDeque<>(maxBatch);
    while (items.size() < maxBatch) {
      Waiting<T> next = queue.waiting.poll();
      if (next == null) {
        break;
      }
      items.add(next.item());
    }
    return new Batch<>(variant, List.copyOf(items));
  }

  private Queue<T> queue(String variant) {
    return queues.computeIfAbsent(variant, v -> new Queue<>());
  }
}
