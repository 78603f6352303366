package dev.phistream.topology;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The in-flight ledger of one task: every event that was taken and is not answered yet, in a state
 * store that commits with the offsets. Confined to the task's thread.
 *
 * <p>Keys of the store are slots, and the slot freed last is used next. The store's cache keeps
 * only the last write to a slot, so what is taken and answered between two commits costs at most
 * one tombstone for each slot that was in use at once, whatever the throughput.
 *
 * <p>Under {@code at_least_once}, results and changelog do not arrive together. There an entry that
 * may already stand in the changelog is deleted only when a commit has seen its result arrive.
 */
final class Ledger {
  /**
   * An entry with its place.
   *
   * @param size what the entry counts in the window, also once its value has been let go
   */
  record Entry(SlotKey key, long size, PendingEvent event) {
    private Entry(SlotKey key, PendingEvent event) {
      this(key, event.size(), event);
    }

    /** The same entry without the event's value, which the ledger keeps: saves holding it twice. */
    Entry withoutValue() {
      return new Entry(key, size, event.withoutValue());
    }
  }

  private static final Comparator<Entry> ARRIVAL =
      Comparator.comparing((Entry entry) -> entry.event().topic())
          .thenComparingInt(entry -> entry.event().partition())
          .thenComparingLong(entry -> entry.event().offset());

  private final KeyValueStore<SlotKey, PendingEvent> store;
  private final LedgerBytes written;
  private final InFlightWindow.Share window;
  private final long owner;
  private final boolean atLeastOnce;
  private final Deque<Integer> freeSlots = new ArrayDeque<>();
  private final Set<RecordPosition> restored = new HashSet<>();
  private final List<SlotKey> answered = new ArrayList<>();
  private final List<SlotKey> arrived = new ArrayList<>();
  private int slots;
  private int used;

  /**
   * Creates the ledger of one incarnation of a task.
   *
   * @param written the same store below its cache
   * @param window counts what is in flight
   * @param owner a number that no other incarnation has
   * @param atLeastOnce whether results may arrive apart from the changelog
   */
  Ledger(
      KeyValueStore<SlotKey, PendingEvent> store,
      LedgerBytes written,
      InFlightWindow.Share window,
      long owner,
      boolean atLeastOnce) {
    this.store = store;
    this.written = written;
    this.window = window;
    this.owner = owner;
    this.atLeastOnce = atLeastOnce;
  }

  /**
   * The entries that earlier owners of this task left, in order of arrival; one for each event,
   * although several owners may have entered the same.
   */
  List<Entry> restore() {
    List<Entry> found = new ArrayList<>();
    try (KeyValueIterator<SlotKey, PendingEvent> all = store.all()) {
      while (all.hasNext()) {
        KeyValue<SlotKey, PendingEvent> entry = all.next();
        found.add(new Entry(entry.key, entry.value));
      }
    }
    found.sort(ARRIVAL);
    List<Entry> entries = new ArrayList<>();
    for (Entry entry : found) {
      if (restored.add(RecordPosition.of(entry.event()))) {
        entries.add(entry);
        used++;
        window.take(entry.size());
      } else {
        store.delete(entry.key());
      }
    }
    return entries;
  }

  /**
   * Whether the event at {@code place} was among the restored: its taker died, or was believed
   * dead, before its offset was committed. It needs no second entry.
   */
  boolean wasRestored(RecordMetadata place) {
    return !restored.isEmpty() && restored.contains(RecordPosition.of(place));
  }

  /** Enters an event, also when the window is full: it has been taken already. */
  Entry add(PendingEvent event) {
    Integer free = freeSlots.poll();
    SlotKey key = new SlotKey(owner, free == null ? slots++ : free);
    store.put(key, event);
    Entry entry = new Entry(key, event);
    used++;
    window.take(entry.size());
    return entry;
  }

  /** Notes in an entry how often its task has failed. */
  Entry withFailures(Entry entry, int failures) {
    PendingEvent event = entry.event().withFailures(failures);
    store.put(entry.key(), event);
    return new Entry(entry.key(), entry.size(), event);
  }

  /** The whole event of an entry that has not been removed. */
  PendingEvent event(Entry entry) {
    PendingEvent event = store.get(entry.key());
    if (event == null) {
      throw new IllegalStateException("ledger slot " + entry.key() + " is empty");
    }
    return event;
  }

  /**
   * Strikes out an event whose result has been sent.
   *
   * @return whether its slot is empty; if not, it is after {@link #committed} and {@link
   *     #deleteArrived}
   */
  boolean remove(Entry entry) {
    used--;
    window.release(entry.size());
    // No commit has seen an entry that is still in the cache: its offset is not committed before
    // its result has arrived.
    if (atLeastOnce && written.isWritten(entry.key())) {
      answered.add(entry.key());
      return false;
    }
    delete(entry.key());
    return true;
  }

  /** Notes that all results sent so far have arrived. */
  void committed() {
    arrived.addAll(answered);
    answered.clear();
  }

  /** Deletes the entries whose results have arrived, and says how many that were. */
  int deleteArrived() {
    int count = arrived.size();
    arrived.forEach(this::delete);
    arrived.clear();
    return count;
  }

  /** Events taken and not answered. */
  int size() {
    return used;
  }

  /** Answered events that still stand in the store. */
  int awaitingDeletion() {
    return answered.size() + arrived.size();
  }

  private void delete(SlotKey key) {
    store.put(key, null); // delete() would read the event that it deletes
    if (key.owner() == owner) {
      freeSlots.push(key.slot());
    }
  }
}
