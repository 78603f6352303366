package dev.phistream.batching;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides which items make up the next micro-batch. It holds no thread and no clock: time comes in
 * with each call, so that every rule can be tested in virtual time. Not thread-safe.
 *
 * <p>A variant's queue may start on a device when it has the device's target size; when one of its
 * items is due; when waiting for one more would break a deadline; or when nothing more is on its
 * way to it, where what is late itself is not waited for. Under a backlog everything is late, and a
 * device that looked no further would run whatever is prepared, one or two items at a time. So
 * while as many items as fill a micro-batch are at hand, prepared or on their way, a due queue lets
 * a free device wait for them, for as long as a full micro-batch takes. It does so only while no
 * other queue would make the device start: then the earliest deadline goes first, full or not.
 *
 * <p>Of several queues that may start, the one with the earliest deadline goes first. Two rules
 * keep the others from starving: a queue whose items have aged (see {@link AgeingQueue}) goes first
 * when nothing of it has run for eight times as long as its last micro-batch took, and a queue that
 * was due for ten seconds goes first when nothing of it has run in that time. Within a queue the
 * earliest deadlines go first, and one item of eight is one that has aged.
 */
public final class BatchScheduler<T> {
  /** A micro-batch: items of one variant, the earliest deadline first. */
  public record Batch<T>(QueueKey key, List<T> items) {}

  /**
   * An item's place in the order.
   *
   * @param sequence order of arrival
   */
  public record Ticket(QueueKey key, Urgency urgency, long sequence) implements AgeingQueue.Entry {
    // By difference, because nanosecond clocks may wrap.
    private static final Comparator<Ticket> BY_DUE =
        (a, b) -> {
          int order = Long.signum(a.urgency.dueNanos() - b.urgency.dueNanos());
          return order != 0 ? order : Long.compare(a.sequence, b.sequence);
        };
  }

  /**
   * A device that could start a micro-batch.
   *
   * @param sizing what it makes of them
   * @param sinceNanos since when it has been free
   */
  public record FreeDevice(BatchSizing sizing, long sinceNanos) {}

  /** For how many full micro-batches' time a device waits for what has no objective. */
  static final long PATIENT_FULL_BATCHES = 4;

  private static final long NEGLECT_NANOS = Duration.ofSeconds(10).toNanos();

  private record Waiting<T>(Ticket ticket, T item) implements AgeingQueue.Entry {
    @Override
    public Urgency urgency() {
      return ticket.urgency();
    }

    @Override
    public long sequence() {
      return ticket.sequence();
    }
  }

  private static final class Queue<T> {
    private final QueueKey key;
    private final AgeingQueue<Waiting<T>> waiting = new AgeingQueue<>();
    private final TreeSet<Ticket> waitingByDue = new TreeSet<>(Ticket.BY_DUE);
    private final TreeSet<Ticket> expected = new TreeSet<>(Ticket.BY_DUE);

    private int ran;
    private long ranNanos;
    private long gatheringSinceNanos;

    Queue(QueueKey key) {
      this.key = key;
    }

    /** Time until the queue should start on a device; not positive when it should. */
    long nanosUntilReady(long nowNanos, FreeDevice device) {
      if (!isBacklog(device.sizing())) {
        return nanosUntilStartable(nowNanos, device);
      }
      return Math.min(
          nanosUntilHurry(nowNanos, device),
          Math.max(nanosUntilDue(nowNanos), nanosUntilWaitedEnough(nowNanos, device)));
    }

    /** The same without regard to a backlog; never when the queue is empty. */
    long nanosUntilStartable(long nowNanos, FreeDevice device) {
      if (waiting.isEmpty()) {
        return Long.MAX_VALUE;
      }
      if (expected.isEmpty() || waiting.size() >= device.sizing().target(key)) {
        return 0;
      }
      return Math.min(nanosUntilHurry(nowNanos, device), nanosUntilDue(nowNanos));
    }

    /** Whether a full micro-batch is at hand, but not prepared yet. */
    private boolean isBacklog(BatchSizing sizing) {
      int target = sizing.target(key);
      return !waiting.isEmpty()
          && waiting.size() < target
          && waiting.size() + expected.size() >= target;
    }

    /** Time until one is due or past its deadline, or nothing is on its way that is not. */
    private long nanosUntilDue(long nowNanos) {
      long due = waitingByDue.first().urgency().dueNanos() - nowNanos;
      long missed = waiting.first().urgency().deadlineNanos() - nowNanos;
      long lastExpectedIsLate = expected.last().urgency().dueNanos() - nowNanos;
      return Math.min(Math.min(due, missed), lastExpectedIsLate);
    }

    /** Time until waiting for one more would break a deadline; one that is past hurries no more. */
    private long nanosUntilHurry(long nowNanos, FreeDevice device) {
      Waiting<T> next = waiting.firstInTime(nowNanos);
      return next == null
          ? Long.MAX_VALUE
          : next.urgency().deadlineNanos()
              - nowNanos
              - device.sizing().predictedNanos(key, waiting.size() + 1);
    }

    /**
     * Waiting for others pays no longer than running all of them takes; where decoders are slower
     * than that and nobody waits for an answer, fuller micro-batches leave them more of the cores.
     */
    private long nanosUntilWaitedEnough(long nowNanos, FreeDevice device) {
      BatchSizing sizing = device.sizing();
      long waited = nowNanos - gatheringSinceNanos;
      long free = nowNanos - device.sinceNanos();
      long fullBatches = waiting.first().urgency().isPatient() ? PATIENT_FULL_BATCHES : 1;
      return fullBatches * sizing.predictedNanos(key, sizing.target(key)) - Math.min(waited, free);
    }

    /** Whether others came first for too long. */
    boolean isNeglected(long nowNanos, BatchSizing sizing) {
      if (waiting.hasAged(nowNanos)) {
        return hasNotRunFor(shareOfDevice(sizing), nowNanos);
      }
      long due = waitingByDue.first().urgency().dueNanos();
      return nowNanos - due >= NEGLECT_NANOS && hasNotRunFor(NEGLECT_NANOS, nowNanos);
    }

    private boolean hasNotRunFor(long nanos, long nowNanos) {
      return ran == 0 || nowNanos - ranNanos >= nanos;
    }

    /** From the start of the last micro-batch to the next, so that they keep to their share. */
    private long shareOfDevice(BatchSizing sizing) {
      long last = sizing.predictedNanos(key, ran);
      return last == 0 ? NEGLECT_NANOS : Math.min(NEGLECT_NANOS, AgeingQueue.AGED_SHARE * last);
    }

    boolean goesBefore(Queue<T> other, long nowNanos, BatchSizing sizing) {
      boolean neglected = isNeglected(nowNanos, sizing);
      return neglected == other.isNeglected(nowNanos, sizing)
          ? AgeingQueue.BY_DEADLINE.compare(waiting.first(), other.waiting.first()) < 0
          : neglected;
    }

    void add(Ticket place, T item, long nowNanos) {
      if (waiting.isEmpty()) {
        gatheringSinceNanos = nowNanos;
      }
      expected.remove(place);
      waiting.add(new Waiting<>(place, item));
      waitingByDue.add(place);
    }

    Batch<T> take(int most, long nowNanos) {
      ranNanos = nowNanos;
      gatheringSinceNanos = nowNanos;
      List<Waiting<T>> taken = new ArrayList<>(Math.min(most, waiting.size()));
      Waiting<T> next;
      while (taken.size() < most && (next = waiting.poll(nowNanos)) != null) {
        waitingByDue.remove(next.ticket());
        taken.add(next);
      }
      ran = taken.size();
      taken.sort(AgeingQueue.BY_DEADLINE);
      return new Batch<>(key, taken.stream().map(Waiting::item).toList());
    }

    List<T> clear() {
      waitingByDue.clear();
      return waiting.clear().stream().map(Waiting::item).toList();
    }
  }

  private final Map<QueueKey, Queue<T>> queues = new HashMap<>();
  private long nextSequence;

  /** Says that an item is on its way; it must later be added or withdrawn. */
  public Ticket expect(QueueKey key, Urgency urgency) {
    Ticket place = new Ticket(key, urgency, nextSequence++);
    queue(key).expected.add(place);
    return place;
  }

  /** Takes back an {@link #expect}: the item will not come. */
  public void withdraw(Ticket place) {
    Queue<T> queue = queues.get(place.key());
    if (queue != null) {
      queue.expected.remove(place);
    }
  }

  /** Drops what is known of a variant, unless something of it waits or is on its way. */
  public void forget(QueueKey key) {
    Queue<T> queue = queues.get(key);
    if (queue != null && queue.waiting.isEmpty() && queue.expected.isEmpty()) {
      queues.remove(key);
    }
  }

  /** Adds an expected item, or one that was taken and shall run again. */
  public void add(Ticket place, T item, long nowNanos) {
    queue(place.key()).add(place, item, nowNanos);
  }

  /** The micro-batch that a device should start now, or null when none is ready. */
  public @Nullable Batch<T> poll(long nowNanos, FreeDevice device) {
    if (nanosUntilReady(nowNanos, device) > 0) {
      return null;
    }
    Queue<T> chosen = null;
    for (Queue<T> queue : queues.values()) {
      if (queue.nanosUntilStartable(nowNanos, device) <= 0
          && (chosen == null || queue.goesBefore(chosen, nowNanos, device.sizing()))) {
        chosen = queue;
      }
    }
    return chosen == null ? null : chosen.take(device.sizing().target(chosen.key), nowNanos);
  }

  /**
   * Time until a queue becomes ready for a device by age alone, 0 when one is; {@link
   * Long#MAX_VALUE} when all are empty.
   */
  public long nanosUntilReady(long nowNanos, FreeDevice device) {
    long soonest = Long.MAX_VALUE;
    for (Queue<T> queue : queues.values()) {
      soonest = Math.min(soonest, Math.max(0, queue.nanosUntilReady(nowNanos, device)));
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
      all.addAll(queue.clear());
    }
    return all;
  }

  private Queue<T> queue(QueueKey key) {
    return queues.computeIfAbsent(key, Queue::new);
  }
}
