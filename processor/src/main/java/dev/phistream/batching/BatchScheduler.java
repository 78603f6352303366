package dev.phistream.batching;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides which items make up the next micro-batch. It holds no thread and no clock: time comes in
 * with each call, so that every rule can be tested in virtual time. Not thread-safe.
 *
 * <p>A variant's queue is ready for a device when it has the device's target size; when one of its
 * items is due; when waiting for one more would break a deadline; or when nothing more is on its
 * way to it, where what is late itself is not waited for. Of several ready queues, one that was due
 * for ten seconds in which nothing of its variant ran goes first, so that none starves; else the
 * one with the earliest deadline. Within a queue the earliest deadlines go first, and equal ones in
 * order of arrival.
 */
public final class BatchScheduler<T> {
  /** A micro-batch: items of one variant, the earliest deadline first. */
  public record Batch<T>(String variant, List<T> items) {}

  /**
   * An item's place in the order.
   *
   * @param sequence order of arrival
   */
  public record Place(String variant, Urgency urgency, long sequence) {
    // By difference, because nanosecond clocks may wrap.
    private static final Comparator<Place> BY_DEADLINE =
        (a, b) -> {
          int order = Long.signum(a.urgency.deadlineNanos() - b.urgency.deadlineNanos());
          return order != 0 ? order : Long.compare(a.sequence, b.sequence);
        };
    private static final Comparator<Place> BY_DUE =
        (a, b) -> {
          int order = Long.signum(a.urgency.dueNanos() - b.urgency.dueNanos());
          return order != 0 ? order : Long.compare(a.sequence, b.sequence);
        };
  }

  private static final long NEGLECT_NANOS = Duration.ofSeconds(10).toNanos();

  private static final class Queue<T> {
    private final String variant;
    private final TreeMap<Place, T> waiting = new TreeMap<>(Place.BY_DEADLINE);
    private final TreeSet<Place> waitingByDue = new TreeSet<>(Place.BY_DUE);
    private final TreeSet<Place> expected = new TreeSet<>(Place.BY_DUE);

    private boolean hasRun;
    private long ranNanos;

    Queue(String variant) {
      this.variant = variant;
    }

    /** Time until the queue is ready; not positive when it is, and never when it is empty. */
    long nanosUntilReady(long nowNanos, BatchSizing sizing) {
      if (waiting.isEmpty()) {
        return Long.MAX_VALUE;
      }
      int target = sizing.target(variant);
      if (expected.isEmpty() || waiting.size() >= target) {
        return 0;
      }
      long due = waitingByDue.first().urgency().dueNanos() - nowNanos;
      long lastExpectedIsLate = expected.last().urgency().dueNanos() - nowNanos;
      long deadline =
          waiting.firstKey().urgency().deadlineNanos()
              - sizing.predictedNanos(variant, waiting.size() + 1)
              - nowNanos;
      return Math.min(Math.min(due, deadline), lastExpectedIsLate);
    }

    /** Whether others came first for too long. */
    boolean isNeglected(long nowNanos) {
      long due = waitingByDue.first().urgency().dueNanos();
      return nowNanos - due >= NEGLECT_NANOS && (!hasRun || nowNanos - ranNanos >= NEGLECT_NANOS);
    }

    boolean goesBefore(Queue<T> other, long nowNanos) {
      boolean neglected = isNeglected(nowNanos);
      return neglected == other.isNeglected(nowNanos)
          ? Place.BY_DEADLINE.compare(waiting.firstKey(), other.waiting.firstKey()) < 0
          : neglected;
    }

    Batch<T> take(int most, long nowNanos) {
      hasRun = true;
      ranNanos = nowNanos;
      List<T> items = new ArrayList<>(Math.min(most, waiting.size()));
      while (items.size() < most) {
        Map.Entry<Place, T> next = waiting.pollFirstEntry();
        if (next == null) {
          break;
        }
        waitingByDue.remove(next.getKey());
        items.add(next.getValue());
      }
      return new Batch<>(variant, List.copyOf(items));
    }
  }

  private final Map<String, Queue<T>> queues = new HashMap<>();
  private long nextSequence;

  /** Says that an item is on its way; it must later be added or withdrawn. */
  public Place expect(String variant, Urgency urgency) {
    Place place = new Place(variant, urgency, nextSequence++);
    queue(variant).expected.add(place);
    return place;
  }

  /** Takes back an {@link #expect}: the item will not come. */
  public void withdraw(Place place) {
    queue(place.variant()).expected.remove(place);
  }

  /** Adds an expected item, or one that was taken and shall run again. */
  public void add(Place place, T item) {
    Queue<T> queue = queue(place.variant());
    queue.expected.remove(place);
    queue.waiting.put(place, item);
    queue.waitingByDue.add(place);
  }

  /** The micro-batch that a device should start now, or null when none is ready. */
  public @Nullable Batch<T> poll(long nowNanos, BatchSizing sizing) {
    Queue<T> chosen = null;
    for (Queue<T> queue : queues.values()) {
      if (queue.nanosUntilReady(nowNanos, sizing) <= 0
          && (chosen == null || queue.goesBefore(chosen, nowNanos))) {
        chosen = queue;
      }
    }
    return chosen == null ? null : chosen.take(sizing.target(chosen.variant), nowNanos);
  }

  /**
   * Time until a queue becomes ready for a device by age alone; {@link Long#MAX_VALUE} when all are
   * empty.
   */
  public long nanosUntilReady(long nowNanos, BatchSizing sizing) {
    long soonest = Long.MAX_VALUE;
    for (Queue<T> queue : queues.values()) {
      soonest = Math.min(soonest, Math.max(0, queue.nanosUntilReady(nowNanos, sizing)));
    }
    return soonest;
  }

  /** Items waiting in all queues. */
  public int size() {
    return queues.values().stream().mapToInt(queue -> queue.waiting.size()).sum();
  }

  /** Takes every waiting item out, in no particular order. */
  public List<T> clear() {
    List<T> all = new ArrayList<>();
    for (Queue<T> queue : queues.values()) {
      all.addAll(queue.waiting.values());
      queue.waiting.clear();
      queue.waitingByDue.clear();
    }
    return all;
  }

  private Queue<T> queue(String variant) {
    return queues.computeIfAbsent(variant, Queue::new);
  }
}
