package dev.phistream.runtime;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;

/**
 * Topics that were created a moment ago.
 *
 * <p>A broker names a new partition's leader before that leader serves it. A producer that sends
 * two batches at once meanwhile can have the first refused and the second taken; the first is then
 * out of order, and is sent again in vain until {@code delivery.timeout.ms} is over (kafka-clients
 * 4.4.0: one in 30 new topics on a busy machine).
 */
public final class FreshTopics {
  private static final Duration ASK_AGAIN = Duration.ofMillis(50);

  private FreshTopics() {}

  /**
   * Waits until each partition's leader answers for it.
   *
   * @throws TimeoutException if one does not within the limit
   * @throws ExecutionException if the cluster refuses to answer for good
   */
  public static void await(Admin admin, Collection<String> topics, Duration limit)
      throws ExecutionException, TimeoutException, InterruptedException {
    long begun = System.nanoTime();
    while (true) {
      long left = limit.toNanos() - (System.nanoTime() - begun);
      try {
        ask(admin, topics, Math.max(left, 1));
        return;
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof RetriableException) || left <= 0) {
          throw e;
        }
        TimeUnit.MILLISECONDS.sleep(ASK_AGAIN.toMillis());
      }
    }
  }

  private static void ask(Admin admin, Collection<String> topics, long nanos)
      throws ExecutionException, TimeoutException, InterruptedException {
    Map<TopicPartition, OffsetSpec> partitions =
        admin
            .describeTopics(topics)
            .allTopicNames()
            .get(nanos, TimeUnit.NANOSECONDS)
            .values()
            .stream()
            .map(FreshTopics::partitions)
            .flatMap(List::stream)
            .collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()));
    admin.listOffsets(partitions).all().get(nanos, TimeUnit.NANOSECONDS);
  }

  private static List<TopicPartition> partitions(TopicDescription topic) {
    return topic.partitions().stream()
        .map(partition -> new TopicPartition(topic.name(), partition.partition()))
        .toList();
  }
}
