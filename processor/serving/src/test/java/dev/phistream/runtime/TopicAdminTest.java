package dev.phistream.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phistream.kafka.ClusterException;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class TopicAdminTest {
  private final Deque<KafkaFuture<TopicDescription>> answers = new ArrayDeque<>();

  @Test
  void a_topic_that_is_not_known_yet_is_asked_for_again() throws Exception {
    answer(failed(new UnknownTopicOrPartitionException("not yet")));
    answer(failed(new UnknownTopicOrPartitionException("not yet")));
    answer(KafkaFuture.completedFuture(topic()));

    assertThat(admin().partitions("images")).isEqualTo(1);
    assertThat(answers).isEmpty();
  }

  @Test
  void any_other_failure_is_told_at_once() {
    answer(failed(new TopicAuthorizationException("not for you")));
    answer(KafkaFuture.completedFuture(topic()));

    assertThatThrownBy(() -> admin().partitions("images"))
        .isInstanceOf(ClusterException.class)
        .hasMessageContaining("describing topic images failed: not for you");
    assertThat(answers).hasSize(1);
  }

  private void answer(KafkaFuture<TopicDescription> future) {
    answers.add(future);
  }

  private static KafkaFuture<TopicDescription> failed(Exception error) {
    KafkaFutureImpl<TopicDescription> future = new KafkaFutureImpl<>();
    future.completeExceptionally(error);
    return future;
  }

  private static TopicDescription topic() {
    Node node = Node.noNode();
    return new TopicDescription(
        "images", false, List.of(new TopicPartitionInfo(0, node, List.of(node), List.of(node))));
  }

  /** An admin client that only describes topics. */
  private TopicAdmin admin() {
    Admin admin =
        (Admin)
            Proxy.newProxyInstance(
                Admin.class.getClassLoader(),
                new Class<?>[] {Admin.class},
                (self, method, arguments) -> {
                  if (method.getName().equals("describeTopics")) {
                    assertThat(Arrays.toString(arguments)).contains("images");
                    return new Described(answers.remove());
                  }
                  throw new UnsupportedOperationException(method.getName());
                });
    return new TopicAdmin(admin, "nowhere:9092");
  }

  private static final class Described extends DescribeTopicsResult {
    Described(KafkaFuture<TopicDescription> answer) {
      super(null, Map.of("images", answer));
    }
  }
}
