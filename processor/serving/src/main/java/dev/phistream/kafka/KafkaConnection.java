package dev.phistream.kafka;

import dev.phistream.config.KafkaClient;
import dev.phistream.config.KafkaSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Makes clients of one Kafka, and reaches its brokers.
 *
 * @param settings which Kafka and how; they overrule what the methods set
 */
public record KafkaConnection(KafkaSettings settings) {
  private static final int CONNECT_MILLIS = 3_000;
  private static final int ANSWER_SECONDS = 8;

  /** The producer keeps its own copy of a record until it is acknowledged. */
  private static final int MAX_RECORD_BYTES = 64 * 1024 * 1024;

  /** Returns a connection with Kafka's own settings. */
  public static KafkaConnection to(String bootstrap) {
    return new KafkaConnection(KafkaSettings.of(bootstrap));
  }

  /** Returns the brokers to ask first. */
  public String bootstrap() {
    return settings.bootstrap();
  }

  /**
   * The partitions of topics; a topic that is missing is left out.
   *
   * @throws ClusterException when no broker answers, or it refuses
   */
  public Map<String, List<TopicPartition>> partitions(Collection<String> topics)
      throws ClusterException {
    // Kafka's clients try again and again, with a warning each time, where nobody listens.
    checkReachable();
    Map<String, List<TopicPartition>> found = new TreeMap<>();
    Admin admin = admin();
    try {
      for (Map.Entry<String, KafkaFuture<TopicDescription>> topic :
          admin.describeTopics(topics).topicNameValues().entrySet()) {
        List<TopicPartition> partitions = new ArrayList<>();
        int count = count(topic.getValue());
        for (int partition = 0; partition < count; partition++) {
          partitions.add(new TopicPartition(topic.getKey(), partition));
        }
        if (!partitions.isEmpty()) {
          found.put(topic.getKey(), partitions);
        }
      }
    } finally {
      admin.close(Duration.ZERO); // else it waits for answers that we no longer want
    }
    return found;
  }

  /**
   * Makes sure that a topic exists.
   *
   * @throws ClusterException when it does not, or as above
   */
  public void requireTopic(String topic) throws ClusterException {
    if (!partitions(List.of(topic)).containsKey(topic)) {
      throw missing(topic);
    }
  }

  /** Says that topics are missing. */
  public ClusterException missing(String topics) {
    return new ClusterException(
        "topic %s: not on %s (expected: an existing topic); start the processor, which creates its topics (phistream run --bootstrap %s), or name another"
            .formatted(topics, bootstrap(), bootstrap()));
  }

  /** An idempotent producer, acknowledged by all replicas; takes records up to 64 MB. */
  public Producer<byte[], byte[]> producer() throws ClusterException {
    Map<String, Object> ours =
        Map.of(
            ProducerConfig.ACKS_CONFIG,
            "all",
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
            true,
            ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
            MAX_RECORD_BYTES,
            ProducerConfig.BUFFER_MEMORY_CONFIG,
            (long) MAX_RECORD_BYTES,
            ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
            10_000,
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
            30_000);
    try {
      return new KafkaProducer<>(
          properties(KafkaClient.PRODUCER, ours),
          new ByteArraySerializer(),
          new ByteArraySerializer());
    } catch (KafkaException e) {
      throw unusable(e);
    }
  }

  /** A consumer without a group that reads only what is committed. */
  public Consumer<byte[], byte[]> consumer() throws ClusterException {
    Map<String, Object> ours =
        Map.of(
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            "read_committed",
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "earliest",
            ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
            ANSWER_SECONDS * 1000);
    try {
      return new KafkaConsumer<>(
          properties(KafkaClient.CONSUMER, ours),
          new ByteArrayDeserializer(),
          new ByteArrayDeserializer());
    } catch (KafkaException e) {
      throw unusable(e);
    }
  }

  /** An admin client. */
  public Admin admin() throws ClusterException {
    try {
      return Admin.create(properties(KafkaClient.ADMIN, Map.of()));
    } catch (KafkaException e) {
      throw unusable(e);
    }
  }

  private ClusterException unusable(KafkaException e) {
    Throwable reason = e.getCause() == null ? e : e.getCause();
    return ClusterException.misuse(
        "Kafka at %s: no client with these kafka.* settings: %s"
            .formatted(bootstrap(), reason.getMessage()),
        e);
  }

  private Map<String, Object> properties(KafkaClient client, Map<String, Object> ours) {
    Map<String, Object> all = new HashMap<>(ours);
    all.putAll(settings.of(client));
    return all;
  }

  private int count(KafkaFuture<TopicDescription> topic) throws ClusterException {
    try {
      return topic.get(ANSWER_SECONDS, TimeUnit.SECONDS).partitions().size();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return 0;
      }
      throw new ClusterException(
          "Kafka at %s: %s".formatted(bootstrap(), String.valueOf(e.getCause())), e);
    } catch (TimeoutException e) {
      throw new ClusterException(
          "Kafka at %s: no answer within %d s (expected: a Kafka broker); check host and port"
              .formatted(bootstrap(), ANSWER_SECONDS),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterException("interrupted while asking Kafka at " + bootstrap(), e);
    }
  }

  /**
   * Makes sure that a broker takes connections, which Kafka's clients try for a minute.
   *
   * @throws ClusterException when none does within seconds
   */
  public void checkReachable() throws ClusterException {
    IOException last = null;
    for (InetSocketAddress address : addresses()) {
      try (Socket socket = new Socket()) {
        // Resolved only now: a name that is unknown is a broker that does not answer.
        socket.connect(
            new InetSocketAddress(address.getHostString(), address.getPort()), CONNECT_MILLIS);
        return;
      } catch (IOException e) {
        last = e;
      }
    }
    throw new ClusterException(
        "Kafka at %s: nobody answers: %s (expected: a running broker); start one (phistream broker), or name yours with --bootstrap HOST:PORT"
            .formatted(bootstrap(), last),
        last == null ? new IOException(bootstrap()) : last);
  }

  private List<InetSocketAddress> addresses() {
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (String address : bootstrap().split(",", -1)) {
      int colon = address.lastIndexOf(':');
      addresses.add(
          InetSocketAddress.createUnresolved(
              address.substring(0, colon).strip().replaceAll("[\\[\\]]", ""),
              Integer.parseInt(address.substring(colon + 1).strip())));
    }
    return addresses;
  }
}
