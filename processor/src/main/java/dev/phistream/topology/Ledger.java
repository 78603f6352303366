package dev.phistream.topology;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.function.LongFunction;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The in-flight ledger of one task: every event that was taken and is not answered yet, in a state
 * store that commits with the offsets. Confined to the task's thread.
 *
 * <p>Keys of the store are slot numbers, and the slot freed last is used next. The store's cache
 * keeps only the last write to a slot, so what is taken and answered between two commits costs at
 * most one tombstone for each slot that was in use at once, whatever the throughput.
 */
final class Ledger {
  /**
   * An entry with its place.
   *
   * @param payloadBytes what the entry counts in the window, also once its value has been let go
   */
  record Entry(int slot, long payloadBytes, PendingEvent event) {
    private Entry(int slot, PendingEvent event) {
      this(slot, event.payloadBytes(), event);
    }

    /** The same entry without the event's value, which the ledger keeps: saves holding it twice. */
    Entry withoutValue() {
      return new Entry(slot, payloadBytes, event.withoutValue());
    }
  }

  private final KeyValueStore<Integer, PendingEvent> store;
  private final WindowSettings window;
  private final Deque<Integer> freeSlots = new ArrayDeque<>();
  private int slots;
  private int used;
  private long bytes;
  private long nextSequence;

  Ledger(KeyValueStore<Integer, PendingEvent> store, WindowSettings window) {
    this.store = store;
    this.window = window;
  }

  /** The entries that an earlier owner of this task left, in order of arrival. */
  List<Entry> restore() {
    List<Entry> entries = new ArrayList<>();
    try (KeyValueIterator<Integer, PendingEvent> all = store.all()) {
      while (all.hasNext()) {
        KeyValue<Integer, PendingEvent> entry = all.next();
        entries.add(new Entry(entry.key, entry.value));
      }
    }
    entries.sort(Comparator.comparingLong(entry -> entry.event().sequence()));
    boolean[] taken =
        new boolean[entries.stream().mapToInt(entry -> entry.slot() + 1).max().orElse(0)];
    for (Entry entry : entries) {
      taken[entry.slot()] = true;
      bytes += entry.payloadBytes();
      nextSequence = entry.event().sequence() + 1;
    }
    for (int slot = 0; slot < taken.length; slot++) {
      if (!taken[slot]) {
        freeSlots.push(slot);
      }
    }
    slots = taken.length;
    used = entries.size();
    return entries;
  }

  /** Whether an event of {@code payloadBytes} must wait for others to be answered. */
  boolean isFullFor(long payloadBytes) {
    return used > 0 && (used >= window.events() || bytes + payloadBytes > window.bytes());
  }

  /**
   * Enters an event; {@link #isFullFor} says when the caller should wait first.
   *
   * @param event gives the event its sequence number
   */
  Entry add(LongFunction<PendingEvent> event) {
    PendingEvent pending = event.apply(nextSequence++);
    Integer free = freeSlots.poll();
    int slot = free == null ? slots++ : free;
    store.put(slot, pending);
    Entry entry = new Entry(slot, pending);
    used++;
    bytes += entry.payloadBytes();
    return entry;
  }

  /** The whole event of an entry. */
  PendingEvent event(Entry entry) {
    PendingEvent event = store.get(entry.slot());
    if (event == null) {
      throw new IllegalStateException("ledger slot " + entry.slot() + " is empty");
    }
    return event;
  }

  /** Strikes an answered event out. */
  void remove(Entry entry) {
    store.delete(entry.slot());
    freeSlots.push(entry.slot());
    used--;
    bytes -= entry.payloadBytes();
  }

  /** Events taken and not answered. */
  int size() {
    return used;
  }
}
