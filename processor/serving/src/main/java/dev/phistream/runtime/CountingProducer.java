package dev.phistream.runtime;

import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A producer that tells of its commits. Thread-safe. */
final class CountingProducer extends KafkaProducer<byte[], byte[]> {
  private final Runnable committed;

  /**
   * Creates a producer.
   *
   * @param committed is told that a transaction has been committed
   */
  CountingProducer(Map<String, Object> config, Runnable committed) {
    super(config, new ByteArraySerializer(), new ByteArraySerializer());
    this.committed = committed;
  }

  @Override
  public void commitTransaction() {
    super.commitTransaction();
    committed.run();
  }
}
