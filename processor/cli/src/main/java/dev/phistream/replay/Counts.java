package dev.phistream.replay;

import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * What was counted in a partition, in a store that commits with the outcomes: so it is right after
 * any crash. Confined to the task's thread.
 */
final class Counts {
  static final String STORE = "replay-counts";

  /** The offset behind the last event that was looked at. */
  static final String POSITION = "position";

  /** Events looked at. */
  static final String READ = "read";

  /** Events handed to the classifier. */
  static final String ADMITTED = "admitted";

  /** Events with labels. */
  static final String LABELLED = "labelled";

  /** Before an error code: events that became dead letters with it. */
  static final String DEAD = "dead/";

  /** Before a reason: events left out for it. */
  static final String SKIPPED = "skipped/";

  /** Events whose first label is what it was before. */
  static final String SAME_LABEL = "same-label";

  /** Before two labels with a tab between: events whose first label changed so. */
  static final String CHANGED = "changed/";

  /** Offsets that retention deleted before they were read. */
  static final String DELETED = "deleted-offsets";

  /** 1 once the partition is done. */
  static final String DONE = "done";

  /** Events that became dead letters. */
  private static final String DEAD_LETTERS = "dead-letters";

  private final KeyValueStore<String, Long> store;

  Counts(KeyValueStore<String, Long> store) {
    this.store = store;
  }

  static StoreBuilder<KeyValueStore<String, Long>> store() {
    return Stores.keyValueStoreBuilder(
            Stores.inMemoryKeyValueStore(STORE), Serdes.String(), Serdes.Long())
        .withCachingEnabled()
        .withLoggingEnabled(Map.of());
  }

  long get(String name) {
    Long value = store.get(name);
    return value == null ? 0 : value;
  }

  void put(String name, long value) {
    store.put(name, value);
  }

  void add(String name) {
    put(name, get(name) + 1);
  }

  void addDeadLetter(String code) {
    add(DEAD_LETTERS);
    add(DEAD + code);
  }

  /** Events that the classifier has. */
  long inFlight() {
    return get(ADMITTED) - get(LABELLED) - get(DEAD_LETTERS);
  }

  Map<String, Long> all() {
    Map<String, Long> all = new TreeMap<>();
    try (KeyValueIterator<String, Long> entries = store.all()) {
      while (entries.hasNext()) {
        KeyValue<String, Long> entry = entries.next();
        all.put(entry.key, entry.value);
      }
    }
    return all;
  }
}
