package dev.phistream.batching;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Items in the order in which they are taken: the earliest deadline first, equal deadlines in order
 * of arrival. An item without an objective ages: once it has waited for {@link Urgency#AGES_AFTER},
 * one take of {@link #AGED_SHARE} goes to the oldest of its kind, whatever else is more urgent. So
 * urgent items that come faster than they can be worked off keep seven eighths of the takes, and
 * none of the others starves. It has no clock: time comes in with each take. Not thread-safe.
 */
public final class AgeingQueue<E extends AgeingQueue.Entry> {
  /** What can wait in the queue. Two entries are the same if their sequences are. */
  public interface Entry {
    /** When it should start and end. */
    Urgency urgency();

    /** The order of arrival; no two entries of a queue have the same. */
    long sequence();
  }

  /** One of so many takes goes to an item that has aged. */
  public static final int AGED_SHARE = 8;

  /** Orders entries by deadline; by difference, because nanosecond clocks may wrap. */
  static final Comparator<Entry> BY_DEADLINE =
      (a, b) -> {
        int order = Long.signum(a.urgency().deadlineNanos() - b.urgency().deadlineNanos());
        return order != 0 ? order : Long.compare(a.sequence(), b.sequence());
      };

  private final TreeSet<E> urgent = new TreeSet<>(BY_DEADLINE);

  /** Those that age; all wait equally long to do so, so the earliest deadline is the oldest. */
  private final TreeSet<E> patient = new TreeSet<>(BY_DEADLINE);

  private int passedOver;

  /** Adds an entry. */
  public void add(E entry) {
    half(entry).add(entry);
  }

  /** Removes an entry; false when it is not there. */
  public boolean remove(E entry) {
    return half(entry).remove(entry);
  }

  /** Takes the next entry, or null when the queue is empty. */
  public @Nullable E poll(long nowNanos) {
    if (urgent.isEmpty() || patient.isEmpty()) {
      return urgent.isEmpty() ? pollPatient() : urgent.pollFirst();
    }
    E oldest = patient.first();
    if (BY_DEADLINE.compare(oldest, urgent.first()) < 0) {
      return pollPatient();
    }
    if (oldest.urgency().hasAged(nowNanos) && ++passedOver >= AGED_SHARE) {
      return pollPatient();
    }
    return urgent.pollFirst();
  }

  /** The entry with the earliest deadline. */
  public E first() {
    if (urgent.isEmpty() || patient.isEmpty()) {
      return urgent.isEmpty() ? patient.first() : urgent.first();
    }
    return BY_DEADLINE.compare(patient.first(), urgent.first()) < 0
        ? patient.first()
        : urgent.first();
  }

  /** The entry with the earliest deadline that has not passed, or null. */
  @Nullable E firstInTime(long nowNanos) {
    E soonest = firstInTime(urgent, nowNanos);
    E other = firstInTime(patient, nowNanos);
    if (soonest == null || other == null) {
      return soonest == null ? other : soonest;
    }
    return BY_DEADLINE.compare(other, soonest) < 0 ? other : soonest;
  }

  /** Whether an entry has aged. */
  boolean hasAged(long nowNanos) {
    return !patient.isEmpty() && patient.first().urgency().hasAged(nowNanos);
  }

  /** Whether nothing waits. */
  public boolean isEmpty() {
    return urgent.isEmpty() && patient.isEmpty();
  }

  /** How many wait. */
  public int size() {
    return urgent.size() + patient.size();
  }

  /** Takes all entries out, in no particular order. */
  public List<E> clear() {
    List<E> all = new ArrayList<>(size());
    all.addAll(urgent);
    all.addAll(patient);
    urgent.clear();
    patient.clear();
    return all;
  }

  private @Nullable E pollPatient() {
    passedOver = 0;
    return patient.pollFirst();
  }

  private NavigableSet<E> half(E entry) {
    return entry.urgency().isPatient() ? patient : urgent;
  }

  private static <E extends Entry> @Nullable E firstInTime(NavigableSet<E> entries, long nowNanos) {
    for (E entry : entries) {
      if (entry.urgency().deadlineNanos() - nowNanos >= 0) {
        return entry;
      }
    }
    return null;
  }
}
