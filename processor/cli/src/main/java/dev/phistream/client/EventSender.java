package dev.phistream.client;

import dev.phistream.event.ImageEvent;
import dev.phistream.kafka.ClusterException;
import dev.phistream.kafka.KafkaConnection;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Sends image events. Thread-safe; closing it waits for what is under way. */
public final class EventSender implements AutoCloseable {
  private final KafkaConnection kafka;
  private final String topic;
  private final EventFormat format;
  private final Producer<byte[], byte[]> producer;

  private EventSender(
      KafkaConnection kafka, String topic, EventFormat format, Producer<byte[], byte[]> producer) {
    this.kafka = kafka;
    this.topic = topic;
    this.format = format;
    this.producer = producer;
  }

  /**
   * Connects.
   *
   * @throws ClusterException when no broker answers or the topic is missing
   */
  public static EventSender connect(KafkaConnection kafka, String topic, EventFormat format)
      throws ClusterException {
    kafka.requireTopic(topic);
    return new EventSender(kafka, topic, format, kafka.producer());
  }

  /**
   * Sends an event; blocks while 64 MB are under way.
   *
   * @param key decides the partition, and with it what keeps its order; null for the event's id
   * @return completes when all replicas have the event, or with a {@link ClusterException}; on
   *     Kafka's thread, so what depends on it must be quick
   */
  public CompletableFuture<RecordMetadata> send(ImageEvent event, @Nullable String key) {
    CompletableFuture<RecordMetadata> acknowledged = new CompletableFuture<>();
    byte[] keyBytes = (key == null ? event.getId() : key).getBytes(StandardCharsets.UTF_8);
    ProducerRecord<byte[], byte[]> record = format.record(topic, keyBytes, event);
    try {
      var unused =
          producer.send(
              record,
              (place, error) -> {
                if (error == null) {
                  acknowledged.complete(place);
                } else {
                  acknowledged.completeExceptionally(explain(kafka, topic, error));
                }
              });
    } catch (KafkaException e) { // before it went out
      acknowledged.completeExceptionally(explain(kafka, topic, e));
    }
    return acknowledged;
  }

  /** Waits until everything sent so far is acknowledged or has failed. */
  public void flush() {
    producer.flush();
  }

  @Override
  public void close() {
    producer.close();
  }

  static ClusterException explain(KafkaConnection kafka, String topic, Exception error) {
    String remedy = "";
    if (error instanceof RecordTooLargeException) {
      remedy = "; raise the topic's max.message.bytes, or send a smaller image or a reference";
    } else if (error instanceof TimeoutException) {
      remedy = "; check that the broker is up";
    }
    return new ClusterException(
        "topic %s on %s: not acknowledged: %s%s"
            .formatted(topic, kafka.bootstrap(), error.getMessage(), remedy),
        error);
  }
}
