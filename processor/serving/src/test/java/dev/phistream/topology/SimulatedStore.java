package dev.phistream.topology;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The layers that Kafka Streams puts around a store: a cache that keeps the newest write of each
 * key until it is flushed, and a changelog.
 */
final class SimulatedStore implements KeyValueStore<SlotKey, PendingEvent> {
  private static final PendingEventSerde EVENTS = new PendingEventSerde();
  private static final SlotKeySerde KEYS = new SlotKeySerde();

  private final KeyValueStore<Bytes, byte[]> bytes;
  private final BiConsumer<SlotKey, @Nullable PendingEvent> changelog;
  private final Map<SlotKey, Optional<PendingEvent>> cache = new LinkedHashMap<>();

  /**
   * Creates an empty store.
   *
   * @param changelog gets every write that leaves the cache
   */
  SimulatedStore(
      KeyValueStore<Bytes, byte[]> bytes, BiConsumer<SlotKey, @Nullable PendingEvent> changelog) {
    this.bytes = bytes;
    this.changelog = changelog;
  }

  /** What Kafka Streams does first in a commit. */
  void flushCache() {
    Map<SlotKey, Optional<PendingEvent>> dirty = new LinkedHashMap<>(cache);
    cache.clear();
    dirty.forEach(
        (key, event) -> {
          restore(key, event.orElse(null));
          changelog.accept(key, event.orElse(null));
        });
  }

  /** A write that the changelog has already. */
  void restore(SlotKey key, @Nullable PendingEvent event) {
    bytes.put(key(key), event == null ? null : EVENTS.serializer().serialize("", event));
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    bytes.init(context, root);
  }

  @Override
  public void commit(Map<TopicPartition, Long> changelogOffsets) {
    flushCache();
    bytes.commit(changelogOffsets);
  }

  @Override
  public void put(SlotKey key, @Nullable PendingEvent event) {
    cache.remove(key);
    cache.put(key, Optional.ofNullable(event));
  }

  @Override
  public @Nullable PendingEvent delete(SlotKey key) {
    PendingEvent before = get(key);
    cache.remove(key);
    cache.put(key, Optional.empty());
    return before;
  }

  @Override
  public @Nullable PendingEvent get(SlotKey key) {
    Optional<PendingEvent> cached = cache.get(key);
    if (cached != null) {
      return cached.orElse(null);
    }
    return EVENTS.deserializer().deserialize("", bytes.get(key(key)));
  }

  @Override
  public KeyValueIterator<SlotKey, PendingEvent> all() {
    Map<SlotKey, PendingEvent> all =
        new TreeMap<>(Comparator.comparingLong(SlotKey::owner).thenComparingInt(SlotKey::slot));
    try (KeyValueIterator<Bytes, byte[]> written = bytes.all()) {
      written.forEachRemaining(
          entry ->
              all.put(
                  KEYS.deserializer().deserialize("", entry.key.get()),
                  EVENTS.deserializer().deserialize("", entry.value)));
    }
    cache.forEach(
        (key, event) ->
            event.ifPresentOrElse(present -> all.put(key, present), () -> all.remove(key)));
    List<KeyValue<SlotKey, PendingEvent>> entries = new ArrayList<>();
    all.forEach((key, event) -> entries.add(KeyValue.pair(key, event)));
    return new Entries(entries);
  }

  @Override
  public KeyValueIterator<SlotKey, PendingEvent> range(SlotKey from, SlotKey to) {
    throw new UnsupportedOperationException();
  }

  @Override
  public @Nullable PendingEvent putIfAbsent(SlotKey key, PendingEvent event) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void putAll(List<KeyValue<SlotKey, PendingEvent>> entries) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long approximateNumEntries() {
    return bytes.approximateNumEntries();
  }

  @Override
  public String name() {
    return bytes.name();
  }

  @Override
  public void close() {
    flushCache();
    bytes.close();
  }

  @Override
  public boolean persistent() {
    return false;
  }

  @Override
  public boolean isOpen() {
    return bytes.isOpen();
  }

  private static Bytes key(SlotKey key) {
    return Bytes.wrap(SlotKeySerde.write(key));
  }

  private static final class Entries implements KeyValueIterator<SlotKey, PendingEvent> {
    private final List<KeyValue<SlotKey, PendingEvent>> entries;
    private int next;

    Entries(List<KeyValue<SlotKey, PendingEvent>> entries) {
      this.entries = entries;
    }

    @Override
    public boolean hasNext() {
      return next < entries.size();
    }

    @Override
    public KeyValue<SlotKey, PendingEvent> next() {
      return entries.get(next++);
    }

    @Override
    public SlotKey peekNextKey() {
      return Objects.requireNonNull(entries.get(next).key);
    }

    @Override
    public void close() {}
  }
}
