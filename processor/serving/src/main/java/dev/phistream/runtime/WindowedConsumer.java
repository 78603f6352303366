package dev.phistream.runtime;

import dev.phistream.topology.InFlightWindow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A consumer that hands out records only of partitions whose window has room. A full window so
 * holds back its own partition, while the stream thread goes on to forward, take and commit for the
 * others. Waits for records only shortly while answers are expected, which the same thread has to
 * send. Confined to one thread, as any consumer.
 */
public class WindowedConsumer extends KafkaConsumer<byte[], byte[]> {
  private static final Duration SHORTLY = Duration.ofMillis(1);

  private final Environment environment;
  private final Set<TopicPartition> pausedByOwner = new HashSet<>();
  private Set<TopicPartition> pausedByWindow = new HashSet<>();

  /** What a consumer is told of its processor. Thread-safe. */
  public interface Environment {
    /** Says which partitions have room. */
    InFlightWindow window();

    /** Whether events are in flight. */
    boolean expectsAnswers();

    /** Is told that offsets have been committed. */
    void committed();
  }

  /** Creates a consumer that has no partitions yet. */
  @SuppressWarnings("this-escape") // as Kafka's own
  public WindowedConsumer(Map<String, Object> config, Environment environment) {
    super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    this.environment = environment;
  }

  @Override
  public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    applyWindow();
    boolean shortly =
        timeout.compareTo(SHORTLY) > 0
            && (!pausedByWindow.isEmpty() || environment.expectsAnswers());
    return super.poll(shortly ? SHORTLY : timeout);
  }

  /** Kafka Streams wants this of some partitions, whatever the window says. */
  @Override
  public void pause(Collection<TopicPartition> partitions) {
    pausedByOwner.addAll(partitions);
    super.pause(partitions);
  }

  @Override
  public void resume(Collection<TopicPartition> partitions) {
    pausedByOwner.removeAll(partitions);
    super.resume(
        partitions.stream().filter(partition -> !pausedByWindow.contains(partition)).toList());
  }

  @Override
  public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
    super.commitSync(offsets);
    environment.committed();
  }

  private void applyWindow() {
    Set<TopicPartition> assigned = assignment();
    pausedByOwner.retainAll(assigned);
    Set<TopicPartition> full = new HashSet<>();
    List<TopicPartition> room = new ArrayList<>();
    for (TopicPartition partition : assigned) {
      if (environment.window().isFull(partition)) {
        full.add(partition);
      } else if (pausedByWindow.contains(partition) && !pausedByOwner.contains(partition)) {
        room.add(partition);
      }
    }
    pausedByWindow = full;
    super.pause(full);
    super.resume(room);
  }
}
