package dev.phistream.replay;

import dev.phistream.kafka.ClusterException;
import dev.phistream.kafka.KafkaConnection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Turns bounds into offsets. All of them lie within what is committed now, so that a range ends
 * although producers go on, and never at an open transaction.
 */
final class Ranges {
  private final Consumer<byte[], byte[]> consumer;
  private final List<TopicPartition> partitions;
  private final Map<TopicPartition, Long> begins;
  private final Map<TopicPartition, Long> ends;

  private Ranges(Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions) {
    this.consumer = consumer;
    this.partitions = partitions;
    this.begins = consumer.beginningOffsets(partitions);
    this.ends = consumer.endOffsets(partitions);
  }

  /**
   * Finds the ranges of all partitions of a topic, also those that are empty.
   *
   * @throws ClusterException when Kafka does not answer or the topic is missing
   * @throws ReplayException when offsets name partitions that are not there
   */
  static List<PartitionRange> find(KafkaConnection kafka, String topic, Bound from, Bound to)
      throws ClusterException, ReplayException {
    kafka.requireTopic(topic);
    List<TopicPartition> partitions =
        kafka.partitions(List.of(topic)).getOrDefault(topic, List.of());
    try (Consumer<byte[], byte[]> consumer = kafka.consumer()) {
      return new Ranges(consumer, partitions).between(topic, from, to);
    } catch (KafkaException e) {
      throw new ClusterException(
          "Kafka at %s: offsets of %s: %s".formatted(kafka.bootstrap(), topic, e.getMessage()), e);
    }
  }

  /**
   * The time of the oldest of the first events at a bound, milliseconds since the epoch; null where
   * there is none, or the bound is in offsets.
   *
   * @throws ClusterException when Kafka does not answer
   */
  static @Nullable Long oldestMillis(KafkaConnection kafka, String topic, Bound from)
      throws ClusterException {
    long time;
    if (from instanceof Bound.At at) {
      time = Math.max(0, at.time().toEpochMilli());
    } else if (from instanceof Bound.Earliest) {
      time = 0;
    } else {
      return null;
    }
    List<TopicPartition> partitions =
        kafka.partitions(List.of(topic)).getOrDefault(topic, List.of());
    Map<TopicPartition, Long> times = new HashMap<>();
    partitions.forEach(partition -> times.put(partition, time));
    try (Consumer<byte[], byte[]> consumer = kafka.consumer()) {
      return consumer.offsetsForTimes(times).values().stream()
          .filter(Objects::nonNull)
          .map(OffsetAndTimestamp::timestamp)
          .min(Long::compare)
          .orElse(null);
    } catch (KafkaException e) {
      throw new ClusterException(
          "Kafka at %s: times of %s: %s".formatted(kafka.bootstrap(), topic, e.getMessage()), e);
    }
  }

  private List<PartitionRange> between(String topic, Bound from, Bound to) throws ReplayException {
    check(topic, "--from", from);
    check(topic, "--to", to);
    Map<TopicPartition, Long> starts = offsets(from);
    Map<TopicPartition, Long> stops = new HashMap<>(offsets(to));
    if (to instanceof Bound.At at) {
      stops.replaceAll(
          (partition, stop) ->
              TimeOrder.behindLastBefore(
                  consumer,
                  partition,
                  stop,
                  ends.getOrDefault(partition, stop),
                  at.time().toEpochMilli()));
    }
    List<PartitionRange> ranges = new ArrayList<>();
    for (TopicPartition partition : partitions) {
      long begin = begins.getOrDefault(partition, 0L);
      long end = Math.max(begin, ends.getOrDefault(partition, begin));
      Long start = starts.get(partition);
      Long stop = stops.get(partition);
      if (start == null || stop == null) {
        ranges.add(new PartitionRange(partition.partition(), end, end));
        continue;
      }
      long first = Math.min(end, Math.max(begin, start));
      long last = Math.min(end, Math.max(first, stop));
      ranges.add(new PartitionRange(partition.partition(), first, last));
    }
    return List.copyOf(ranges);
  }

  private void check(String topic, String name, Bound bound) throws ReplayException {
    if (bound instanceof Bound.Offsets offsets) {
      for (int partition : offsets.byPartition().keySet()) {
        if (!partitions.contains(new TopicPartition(topic, partition))) {
          throw new ReplayException(
              "%s: partition %d (expected: one of the %d of %s)"
                  .formatted(name, partition, partitions.size(), topic));
        }
      }
    }
  }

  private Map<TopicPartition, Long> offsets(Bound bound) {
    if (bound instanceof Bound.Earliest) {
      return begins;
    }
    if (bound instanceof Bound.At at) {
      return atTime(at.time());
    }
    if (bound instanceof Bound.Offsets offsets) {
      Map<TopicPartition, Long> named = new HashMap<>();
      for (TopicPartition partition : partitions) {
        Long offset = offsets.byPartition().get(partition.partition());
        if (offset != null) {
          named.put(partition, offset);
        }
      }
      return named;
    }
    return ends;
  }

  private Map<TopicPartition, Long> atTime(Instant time) {
    Map<TopicPartition, Long> times = new HashMap<>();
    partitions.forEach(partition -> times.put(partition, Math.max(0, time.toEpochMilli())));
    Map<TopicPartition, Long> offsets = new HashMap<>(ends);
    for (Map.Entry<TopicPartition, OffsetAndTimestamp> found :
        consumer.offsetsForTimes(times).entrySet()) {
      if (found.getValue() != null) { // else all events are older
        offsets.put(found.getKey(), found.getValue().offset());
      }
    }
    return offsets;
  }
}
