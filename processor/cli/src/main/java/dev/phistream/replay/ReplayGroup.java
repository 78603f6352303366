package dev.phistream.replay;

import dev.phistream.kafka.ClusterException;
import dev.phistream.kafka.KafkaConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownMemberIdException;

/** A replay's consumer group, seen from outside. Thread-safe. */
final class ReplayGroup implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  private static final Duration VISIBLE = Duration.ofSeconds(15);

  private final ReplayPlan plan;
  private final KafkaConnection kafka;
  private final Admin admin;

  ReplayGroup(ReplayPlan plan, KafkaConnection kafka) throws ClusterException {
    this.plan = plan;
    this.kafka = kafka;
    this.admin = kafka.admin();
  }

  /** Whether an instance is at work. */
  boolean hasMembers() throws ClusterException {
    String group = plan.applicationId();
    try {
      return admin
          .describeConsumerGroups(List.of(group))
          .all()
          .get(TIMEOUT.toSeconds(), TimeUnit.SECONDS)
          .values()
          .stream()
          .anyMatch(description -> !description.members().isEmpty());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return false;
      }
      throw failed("members", e);
    } catch (TimeoutException | InterruptedException e) {
      throw failed("members", e);
    }
  }

  /** Offsets behind what is committed, by partition of the input. */
  Map<Integer, Long> committed() throws ClusterException {
    Map<Integer, Long> committed = new HashMap<>();
    await(
            admin.listConsumerGroupOffsets(plan.applicationId()).partitionsToOffsetAndMetadata(),
            "offsets")
        .forEach(
            (partition, offset) -> {
              if (offset != null && partition.topic().equals(plan.topic())) {
                committed.put(partition.partition(), offset.offset());
              }
            });
    return committed;
  }

  /** Lets the group begin where the plan says, unless it has begun. */
  void begin() throws ClusterException {
    Map<Integer, Long> committed = committed();
    Map<TopicPartition, OffsetAndMetadata> starts = new HashMap<>();
    for (PartitionRange range : plan.ranges()) {
      if (!committed.containsKey(range.partition())) {
        starts.put(
            new TopicPartition(plan.topic(), range.partition()),
            new OffsetAndMetadata(range.start()));
      }
    }
    if (starts.isEmpty()) {
      return;
    }
    try {
      admin
          .alterConsumerGroupOffsets(plan.applicationId(), starts)
          .all()
          .get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof UnknownMemberIdException)) { // another instance was faster
        throw failed("offsets", e);
      }
    } catch (TimeoutException | InterruptedException e) {
      throw failed("offsets", e);
    }
  }

  /** Says which topics will not keep labels as old as the oldest event of the range. */
  void warnOfRetention(Collection<String> topics, Instant now) {
    Long oldest = plan.oldestMillis();
    if (oldest != null) {
      Retention.warn(admin, topics, Duration.ofMillis(now.toEpochMilli() - oldest));
    }
  }

  /** Waits until what was committed to topics can be read there. */
  void awaitVisible(Collection<String> topics) {
    Visibility.await(admin, topics, VISIBLE);
  }

  @Override
  public void close() {
    admin.close();
  }

  private <T> T await(KafkaFuture<T> future, String what) throws ClusterException {
    try {
      return future.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException | InterruptedException e) {
      throw failed(what, e);
    }
  }

  private ClusterException failed(String what, Exception e) {
    if (e instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return new ClusterException(
        "Kafka at %s: %s of group %s: %s"
            .formatted(kafka.bootstrap(), what, plan.applicationId(), cause),
        e);
  }
}
