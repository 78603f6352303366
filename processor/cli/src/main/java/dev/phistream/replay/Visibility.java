package dev.phistream.replay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits until what stands in topics can be read under {@code read_committed}. A commit becomes
 * visible in one partition after the other, in the journal perhaps before the last labels.
 */
final class Visibility {
  private static final Logger log = LoggerFactory.getLogger(Visibility.class);
  private static final Duration CALL = Duration.ofSeconds(10);
  private static final Duration ASK_AGAIN = Duration.ofMillis(50);

  private Visibility() {}

  /** Waits, no longer than given: others may have transactions open there. */
  static void await(Admin admin, Collection<String> topics, Duration most) {
    long begun = System.nanoTime();
    try {
      Map<TopicPartition, Long> written =
          offsets(admin, partitions(admin, topics), IsolationLevel.READ_UNCOMMITTED);
      while (!isPast(
          offsets(admin, List.copyOf(written.keySet()), IsolationLevel.READ_COMMITTED), written)) {
        if (System.nanoTime() - begun > most.toNanos()) {
          log.warn("a transaction is open in one of {}; results behind it are not visible", topics);
          return;
        }
        TimeUnit.MILLISECONDS.sleep(ASK_AGAIN.toMillis());
      }
    } catch (ExecutionException | TimeoutException e) {
      log.warn("whether all of {} is visible yet is not known", topics, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isPast(
      Map<TopicPartition, Long> visible, Map<TopicPartition, Long> written) {
    return written.entrySet().stream()
        .allMatch(end -> visible.getOrDefault(end.getKey(), -1L) >= end.getValue());
  }

  private static List<TopicPartition> partitions(Admin admin, Collection<String> topics)
      throws ExecutionException, TimeoutException, InterruptedException {
    List<TopicPartition> partitions = new ArrayList<>();
    for (TopicDescription topic :
        admin
            .describeTopics(topics)
            .allTopicNames()
            .get(CALL.toSeconds(), TimeUnit.SECONDS)
            .values()) {
      topic
          .partitions()
          .forEach(info -> partitions.add(new TopicPartition(topic.name(), info.partition())));
    }
    return partitions;
  }

  private static Map<TopicPartition, Long> offsets(
      Admin admin, List<TopicPartition> partitions, IsolationLevel isolation)
      throws ExecutionException, TimeoutException, InterruptedException {
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    partitions.forEach(partition -> latest.put(partition, OffsetSpec.latest()));
    Map<TopicPartition, Long> offsets = new HashMap<>();
    admin
        .listOffsets(latest, new ListOffsetsOptions(isolation))
        .all()
        .get(CALL.toSeconds(), TimeUnit.SECONDS)
        .forEach((partition, info) -> offsets.put(partition, info.offset()));
    return offsets;
  }
}
