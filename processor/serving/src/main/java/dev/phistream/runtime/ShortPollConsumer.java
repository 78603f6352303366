package dev.phistream.runtime;

import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A consumer that waits for records only shortly while answers are expected, which the same thread
 * has to send. Confined to one thread, as any consumer.
 */
final class ShortPollConsumer extends KafkaConsumer<byte[], byte[]> {
  private static final Duration SHORTLY = Duration.ofMillis(1);

  private final BooleanSupplier expectsAnswers;

  ShortPollConsumer(Map<String, Object> config, BooleanSupplier expectsAnswers) {
    super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    this.expectsAnswers = expectsAnswers;
  }

  @Override
  public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    boolean shortly = timeout.compareTo(SHORTLY) > 0 && expectsAnswers.getAsBoolean();
    return super.poll(shortly ? SHORTLY : timeout);
  }
}
