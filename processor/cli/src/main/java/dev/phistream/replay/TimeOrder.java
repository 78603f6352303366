package dev.phistream.replay;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kafka finds the first event at or after a time, and behind it there may be others from before:
 * producers overtake each other by a little, and a clock that was wrong once would end a range long
 * before its time.
 */
final class TimeOrder {
  /** Events that are looked at behind the first of a later time. */
  static final int LOOK = 32;

  private static final Logger log = LoggerFactory.getLogger(TimeOrder.class);
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Duration POLL = Duration.ofMillis(200);

  private TimeOrder() {}

  /**
   * The offset behind the last event from before a time, as far as can be told: if events from
   * before it do not end soon behind the first from after it, that is the end of the partition.
   *
   * @param first offset of the first event at or after the time
   * @param end of the partition
   * @param millis the time, since the epoch
   */
  static long behindLastBefore(
      Consumer<byte[], byte[]> consumer,
      TopicPartition partition,
      long first,
      long end,
      long millis) {
    if (first >= end) {
      return end;
    }
    consumer.assign(List.of(partition));
    consumer.seek(partition, first);
    long behind = first;
    int looked = 0;
    int lastBefore = 0;
    long begun = System.nanoTime();
    while (looked < LOOK && consumer.position(partition) < end) {
      if (System.nanoTime() - begun > PATIENCE.toNanos()) {
        throw new TimeoutException("no events of %s at %d".formatted(partition, first));
      }
      for (ConsumerRecord<byte[], byte[]> event : consumer.poll(POLL).records(partition)) {
        if (event.offset() < end && looked < LOOK) {
          looked++;
          if (event.timestamp() < millis) {
            behind = event.offset() + 1;
            lastBefore = looked;
          }
        }
      }
    }
    if (looked == LOOK && lastBefore > LOOK / 2) {
      log.warn(
          "{}: events at {} and behind are not in the order of their times; reading to the end of the partition, and leaving out what is later",
          partition,
          first);
      return end;
    }
    return behind;
  }
}
