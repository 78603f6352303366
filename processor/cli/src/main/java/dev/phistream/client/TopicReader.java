package dev.phistream.client;

import dev.phistream.kafka.ClusterException;
import dev.phistream.kafka.KafkaConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads what is committed in topics, from the beginning, without a consumer group: it leaves no
 * trace on the broker. Confined to one thread.
 */
public final class TopicReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);

  private final KafkaConnection kafka;
  private final Consumer<byte[], byte[]> consumer;
  private final Map<TopicPartition, Long> ends;
  private final Collection<String> missing;

  private TopicReader(
      KafkaConnection kafka,
      Consumer<byte[], byte[]> consumer,
      Map<TopicPartition, Long> ends,
      Collection<String> missing) {
    this.kafka = kafka;
    this.consumer = consumer;
    this.ends = ends;
    this.missing = missing;
  }

  /** Takes a record; may throw what stops the reading. */
  @FunctionalInterface
  public interface Taker {
    /**
     * Takes one.
     *
     * @return whether to go on
     */
    boolean take(ConsumerRecord<byte[], byte[]> record) throws ClusterException;
  }

  /**
   * Connects to those of the topics that exist.
   *
   * @throws ClusterException when no broker answers or none of the topics exists
   */
  public static TopicReader open(KafkaConnection kafka, Collection<String> topics)
      throws ClusterException {
    Map<String, List<TopicPartition>> found = kafka.partitions(topics);
    if (found.isEmpty()) {
      throw kafka.missing(String.join(", ", topics));
    }
    Collection<String> missing = new TreeSet<>(topics);
    missing.removeAll(found.keySet());
    Consumer<byte[], byte[]> consumer = kafka.consumer();
    boolean ready = false;
    try {
      List<TopicPartition> partitions = found.values().stream().flatMap(List::stream).toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      TopicReader reader =
          new TopicReader(kafka, consumer, consumer.endOffsets(partitions), missing);
      ready = true;
      return reader;
    } catch (KafkaException e) {
      throw failed(kafka, e);
    } finally {
      if (!ready) {
        consumer.close();
      }
    }
  }

  /** Those of the topics that did not exist when the reader was opened. */
  public Collection<String> missing() {
    return missing;
  }

  /**
   * Reads up to where the topics ended when the reader was opened.
   *
   * @param retryPolicy how long to wait for the next record before giving up
   * @throws ClusterException when nothing more comes although the end is not reached, or from
   *     {@code taker}
   */
  public void readToEnd(Duration retryPolicy, Taker taker) throws ClusterException {
    long last = System.nanoTime();
    long before = -1;
    while (true) {
      long left = left();
      if (left == 0) {
        return;
      }
      if (left != before) {
        before = left;
        last = System.nanoTime();
      } else if (System.nanoTime() - last > retryPolicy.toNanos()) {
        throw new ClusterException(
            "Kafka at %s: nothing for %d s, with %d records to go; check that the broker is up"
                .formatted(kafka.bootstrap(), retryPolicy.toSeconds(), left));
      }
      for (ConsumerRecord<byte[], byte[]> record : poll(POLL)) {
        if (record.offset() < end(record) && !taker.take(record)) {
          return;
        }
      }
    }
  }

  /**
   * Reads what stands there and what comes.
   *
   * @param timeout how long at most
   * @throws ClusterException when the broker refuses, or from {@code taker}
   */
  public void readFor(Duration timeout, Taker taker) throws ClusterException {
    long started = System.nanoTime();
    long left = timeout.toNanos();
    while (left > 0) {
      for (ConsumerRecord<byte[], byte[]> record :
          poll(left < POLL.toNanos() ? Duration.ofNanos(left) : POLL)) {
        if (!taker.take(record)) {
          return;
        }
      }
      left = timeout.toNanos() - (System.nanoTime() - started);
    }
  }

  /**
   * The next {@code count} records, or as many as came within {@code timeout}.
   *
   * @throws ClusterException when the broker refuses
   */
  public List<ConsumerRecord<byte[], byte[]>> read(int count, Duration timeout)
      throws ClusterException {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    if (count > 0) {
      readFor(
          timeout,
          record -> {
            records.add(record);
            return records.size() < count;
          });
    }
    return records;
  }

  @Override
  public void close() {
    consumer.close();
  }

  private Iterable<ConsumerRecord<byte[], byte[]>> poll(Duration timeout) throws ClusterException {
    try {
      return consumer.poll(timeout);
    } catch (KafkaException e) {
      throw failed(kafka, e);
    }
  }

  /** Records and transaction marks before the end. */
  private long left() throws ClusterException {
    try {
      long left = 0;
      for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
        left += Math.max(0, end.getValue() - consumer.position(end.getKey()));
      }
      return left;
    } catch (KafkaException e) {
      throw failed(kafka, e);
    }
  }

  private long end(ConsumerRecord<?, ?> record) {
    return ends.getOrDefault(new TopicPartition(record.topic(), record.partition()), 0L);
  }

  private static ClusterException failed(KafkaConnection kafka, KafkaException e) {
    return new ClusterException("Kafka at %s: %s".formatted(kafka.bootstrap(), e.getMessage()), e);
  }
}
