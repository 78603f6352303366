package dev.phistream.replay;

import dev.phistream.runtime.WindowedConsumer;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A consumer that tells a {@link FetchWatch} how far it is, and stops fetching from partitions
 * whose end it has passed: what follows there may be a month of images. Confined to one thread, as
 * any consumer.
 */
final class BoundedConsumer extends WindowedConsumer {
  /** How often positions are asked for that no record tells. */
  private static final long LOOK_NANOS = Duration.ofMillis(100).toNanos();

  private final FetchWatch watch;
  private final Map<TopicPartition, Long> resets = new HashMap<>();
  private Set<TopicPartition> known = Set.of();
  private long lookedNanos = System.nanoTime();

  BoundedConsumer(Map<String, Object> config, Environment environment, FetchWatch watch) {
    super(withoutReset(config), environment);
    this.watch = watch;
  }

  @Override
  public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
    noteAssignment();
    boolean look = System.nanoTime() - lookedNanos > LOOK_NANOS;
    for (TopicPartition partition : records.partitions()) {
      if (watch.concerns(partition)) {
        List<ConsumerRecord<byte[], byte[]>> some = records.records(partition);
        noteReset(partition, some.get(0).offset());
        long last = some.get(some.size() - 1).offset();
        watch.delivered(partition, last);
        note(partition, last + 1);
      }
    }
    if (look) {
      poll();
      lookedNanos = System.nanoTime();
    }
    return records;
  }

  @Override
  public void resume(Collection<TopicPartition> partitions) {
    super.resume(
        partitions.stream()
            .filter(partition -> !(watch.concerns(partition) && watch.isPast(partition)))
            .toList());
  }

  @Override
  public void seek(TopicPartition partition, long offset) {
    watch.forget(partition);
    super.seek(partition, offset);
  }

  @Override
  public void seek(TopicPartition partition, OffsetAndMetadata offset) {
    watch.forget(partition);
    super.seek(partition, offset);
  }

  /** Kafka Streams asks for this when what it wants to read has been deleted. */
  @Override
  public void seekToBeginning(Collection<TopicPartition> partitions) {
    for (TopicPartition partition : partitions) {
      if (watch.concerns(partition)) {
        Long before = positionNow(partition);
        if (before != null) {
          resets.put(partition, before);
        }
        watch.unpass(partition);
      }
    }
    super.seekToBeginning(partitions);
  }

  /** Kafka Streams then does it, so that it shows. */
  private static Map<String, Object> withoutReset(Map<String, Object> config) {
    Map<String, Object> changed = new HashMap<>(config);
    changed.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    return changed;
  }

  private void noteAssignment() {
    Set<TopicPartition> now = assignment();
    if (!now.equals(known)) {
      now.stream().filter(partition -> !known.contains(partition)).forEach(watch::forget);
      known = Set.copyOf(now);
    }
  }

  private void poll() {
    for (TopicPartition partition : known) {
      if (!watch.concerns(partition)) {
        continue;
      }
      Long position = positionNow(partition);
      if (position != null) {
        noteReset(partition, position);
        note(partition, position);
      }
    }
  }

  /** The consumer reads on at an offset; whether it had to leave something out before it. */
  private void noteReset(TopicPartition partition, long offset) {
    Long before = resets.remove(partition);
    if (before != null) {
      watch.deleted(partition, before, offset);
    }
  }

  private void note(TopicPartition partition, long position) {
    if (watch.at(partition, position)) {
      pause(List.of(partition));
    }
  }

  /** Null while it is not known. */
  private @Nullable Long positionNow(TopicPartition partition) {
    try {
      return position(partition, Duration.ZERO);
    } catch (TimeoutException e) {
      return null;
    }
  }
}
