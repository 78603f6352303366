package dev.phistream.client;

import dev.phistream.kafka.ClusterException;
import dev.phistream.kafka.KafkaConnection;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Sends dead letters again to where they came from. Letters stay in their topic, so doing it again
 * sends them again. Confined to one thread.
 */
public final class Redrive implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final KafkaConnection kafka;
  private final Producer<byte[], byte[]> producer;
  private final Consumer<byte[], byte[]> originals;
  private final Set<String> known = new HashSet<>();
  private final AtomicReference<@Nullable ClusterException> failure = new AtomicReference<>();
  private int sent;

  private Redrive(
      KafkaConnection kafka,
      Producer<byte[], byte[]> producer,
      Consumer<byte[], byte[]> originals) {
    this.originals = originals;
    this.kafka = kafka;
    this.producer = producer;
  }

  /** Connects. */
  public static Redrive connect(KafkaConnection kafka) throws ClusterException {
    return new Redrive(kafka, kafka.producer(), kafka.consumer());
  }

  /**
   * Sends a letter's event; if the letter comes without the event's value, the event itself is read
   * again.
   *
   * @throws ClusterException when it does not say where it came from, that topic or the event in it
   *     is gone, or an earlier one was not acknowledged
   */
  public void send(DeadLetter letter) throws ClusterException {
    throwFailure();
    String topic = letter.originTopic();
    String letters = letter.record().topic();
    if (topic == null || topic.equals(letters)) {
      throw new ClusterException(
          "%s-%d@%d: origin topic: %s (expected: the topic that the event came from); skip it with --code, or send it by hand"
              .formatted(letters, letter.record().partition(), letter.record().offset(), topic));
    }
    if (known.add(topic)) {
      kafka.requireTopic(topic);
    }
    var unused =
        producer.send(
            (letter.omittedBytes() == null ? letter : whole(letter)).original(topic),
            (place, error) -> {
              if (error != null) {
                failure.compareAndSet(null, EventSender.explain(kafka, topic, error));
              }
            });
    sent++;
  }

  /**
   * Waits for the acknowledgements.
   *
   * @return how many letters were sent
   * @throws ClusterException when one was not acknowledged
   */
  public int finish() throws ClusterException {
    producer.flush();
    throwFailure();
    return sent;
  }

  /** The event that a letter without a value points at. */
  private DeadLetter whole(DeadLetter letter) throws ClusterException {
    TopicPartition partition = letter.originTopicPartition();
    long offset = letter.originOffsetNumber();
    originals.assign(List.of(partition));
    originals.seek(partition, offset);
    long begun = System.nanoTime();
    while (System.nanoTime() - begun < PATIENCE.toNanos()) {
      for (ConsumerRecord<byte[], byte[]> record : originals.poll(Duration.ofMillis(100))) {
        if (record.offset() == offset) {
          return new DeadLetter(record);
        }
        throw gone(letter);
      }
    }
    throw gone(letter);
  }

  private static ClusterException gone(DeadLetter letter) {
    return new ClusterException(
        "%s-%d@%d: the letter comes without the event's value, and the event at %s is gone (expected: still in its topic); skip it with --code, or raise the topic's retention"
            .formatted(
                letter.record().topic(),
                letter.record().partition(),
                letter.record().offset(),
                letter.origin()));
  }

  @Override
  public void close() {
    originals.close();
    producer.close();
  }

  private void throwFailure() throws ClusterException {
    ClusterException first = failure.get();
    if (first != null) {
      throw first;
    }
  }
}
