package dev.phistream.topology;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/**
 * Makes the ledgers' stores of all tasks of a process, and finds a task's again below the layers
 * that Kafka Streams puts around it. Thread-safe.
 */
final class LedgerStores implements KeyValueBytesStoreSupplier {
  private final KeyValueBytesStoreSupplier memory;
  private final Map<TaskId, LedgerBytes> opened = new ConcurrentHashMap<>();

  LedgerStores(String name) {
    this.memory = Stores.inMemoryKeyValueStore(name);
  }

  /** The open store of a task. */
  LedgerBytes of(TaskId task) {
    LedgerBytes bytes = opened.get(task);
    if (bytes == null) {
      throw new IllegalStateException("the ledger of task " + task + " is not open");
    }
    return bytes;
  }

  void put(TaskId task, LedgerBytes bytes) {
    opened.put(task, bytes);
  }

  void remove(LedgerBytes bytes) {
    opened.values().remove(bytes);
  }

  @Override
  public String name() {
    return memory.name();
  }

  @Override
  public KeyValueStore<Bytes, byte[]> get() {
    return new LedgerBytes(memory.get(), this);
  }

  @Override
  public String metricsScope() {
    return memory.metricsScope();
  }
}
