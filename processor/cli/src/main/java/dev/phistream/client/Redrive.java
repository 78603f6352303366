package dev.phistream.client;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/**
 * Sends dead letters again to where they came from. Letters stay in their topic, so doing it again
 * sends them again. Confined to one thread.
 */
public final class Redrive implements AutoCloseable {
  private final KafkaConnection kafka;
  private final Producer<byte[], byte[]> producer;
  private final Set<String> known = new HashSet<>();
  private final AtomicReference<@Nullable ClientException> failure = new AtomicReference<>();
  private int sent;

  private Redrive(KafkaConnection kafka, Producer<byte[], byte[]> producer) {
    this.kafka = kafka;
    this.producer = producer;
  }

  /** Connects. */
  public static Redrive connect(KafkaConnection kafka) throws ClientException {
    return new Redrive(kafka, kafka.producer());
  }

  /**
   * Sends a letter.
   *
   * @throws ClientException when it does not say where it came from, that topic is gone, or an
   *     earlier one was not acknowledged
   */
  public void send(DeadLetter letter) throws ClientException {
    throwFailure();
    String topic = letter.originTopic();
    String letters = letter.record().topic();
    if (topic == null || topic.equals(letters)) {
      throw new ClientException(
          "%s-%d@%d: origin topic: %s (expected: the topic that the event came from); skip it with --code, or send it by hand"
              .formatted(letters, letter.record().partition(), letter.record().offset(), topic));
    }
    if (known.add(topic)) {
      kafka.requireTopic(topic);
    }
    var unused =
        producer.send(
            letter.original(topic),
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
   * @throws ClientException when one was not acknowledged
   */
  public int finish() throws ClientException {
    producer.flush();
    throwFailure();
    return sent;
  }

  @Override
  public void close() {
    producer.close();
  }

  private void throwFailure() throws ClientException {
    ClientException first = failure.get();
    if (first != null) {
      throw first;
    }
  }
}
