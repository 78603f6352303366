package dev.phistream.topology;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The ledger's bytes in memory, below cache and changelog: what stands here has also been sent to
 * the changelog. Tells when a commit is done. Written by its task's thread alone.
 */
final class LedgerBytes implements KeyValueStore<Bytes, byte[]> {
  private final KeyValueStore<Bytes, byte[]> bytes;
  private final LedgerStores opened;
  private @Nullable StateStore root;
  private Runnable afterCommit = () -> {};

  LedgerBytes(KeyValueStore<Bytes, byte[]> bytes, LedgerStores opened) {
    this.bytes = bytes;
    this.opened = opened;
  }

  /** Whether the entry of a slot has left the cache, so that a commit may already rely on it. */
  boolean isWritten(SlotKey key) {
    return bytes.get(Bytes.wrap(SlotKeySerde.write(key))) != null;
  }

  /** Runs {@code task} after each commit that succeeded, on the task's thread. */
  void afterCommit(Runnable task) {
    afterCommit = task;
  }

  /** Sends to the changelog what is in the cache, without waiting for it to arrive. */
  void writeOut() {
    Objects.requireNonNull(root, "opened").commit(Map.of());
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    this.root = root;
    opened.put(context.taskId(), this);
    bytes.init(context, root);
  }

  @Override
  public void commit(Map<TopicPartition, Long> changelogOffsets) {
    bytes.commit(changelogOffsets);
    afterCommit.run();
  }

  @Override
  public void close() {
    opened.remove(this);
    bytes.close();
  }

  @Override
  public void put(Bytes key, byte @Nullable [] value) {
    bytes.put(key, value);
  }

  @Override
  public byte @Nullable [] putIfAbsent(Bytes key, byte[] value) {
    return bytes.putIfAbsent(key, value);
  }

  @Override
  public void putAll(List<KeyValue<Bytes, byte[]>> entries) {
    bytes.putAll(entries);
  }

  @Override
  public byte @Nullable [] delete(Bytes key) {
    return bytes.delete(key);
  }

  @Override
  public byte @Nullable [] get(Bytes key) {
    return bytes.get(key);
  }

  @Override
  public KeyValueIterator<Bytes, byte[]> range(Bytes from, Bytes to) {
    return bytes.range(from, to);
  }

  @Override
  public KeyValueIterator<Bytes, byte[]> reverseRange(Bytes from, Bytes to) {
    return bytes.reverseRange(from, to);
  }

  @Override
  public KeyValueIterator<Bytes, byte[]> all() {
    return bytes.all();
  }

  @Override
  public KeyValueIterator<Bytes, byte[]> reverseAll() {
    return bytes.reverseAll();
  }

  @Override
  public <S extends Serializer<P>, P> KeyValueIterator<Bytes, byte[]> prefixScan(
      P prefix, S serializer) {
    return bytes.prefixScan(prefix, serializer);
  }

  @Override
  public long approximateNumEntries() {
    return bytes.approximateNumEntries();
  }

  @Override
  public <R> QueryResult<R> query(Query<R> query, PositionBound bound, QueryConfig config) {
    return bytes.query(query, bound, config);
  }

  @Override
  public Position getPosition() {
    return bytes.getPosition();
  }

  @Override
  public String name() {
    return bytes.name();
  }

  @Override
  public boolean persistent() {
    return bytes.persistent();
  }

  @Override
  public boolean isOpen() {
    return bytes.isOpen();
  }
}
