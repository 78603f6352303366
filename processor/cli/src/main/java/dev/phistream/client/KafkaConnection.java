package dev.phistream.client;

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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
 * Which Kafka to talk to and how.
 *
 * @param bootstrap brokers to begin with, {@code HOST:PORT}, comma-separated
 * @param properties Kafka client properties, such as for TLS; they overrule ours
 */
public record KafkaConnection(String bootstrap, Map<String, String> properties) {
  private static final Pattern ADDRESS = Pattern.compile("\\[?(.+?)]?:(\\d{1,5})");
  private static final int CONNECT_MILLIS = 3_000;
  private static final int ANSWER_SECONDS = 8;

  /** The producer keeps its own copy of a record until it is acknowledged. */
  private static final int MAX_RECORD_BYTES = 64 * 1024 * 1024;

  /**
   * Checks the addresses.
   *
   * @throws IllegalArgumentException when they are not in the form above
   */
  public KafkaConnection {
    addresses(bootstrap);
    properties = Map.copyOf(properties);
  }

  /** A connection with Kafka's own settings. */
  public static KafkaConnection to(String bootstrap) {
    return new KafkaConnection(bootstrap, Map.of());
  }

  /**
   * The partitions of topics; a topic that is missing is left out.
   *
   * @throws ClientException when no broker answers, or it refuses
   */
  public Map<String, List<TopicPartition>> partitions(Collection<String> topics)
      throws ClientException {
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
   * @throws ClientException when it does not, or as above
   */
  public void requireTopic(String topic) throws ClientException {
    if (!partitions(List.of(topic)).containsKey(topic)) {
      throw missing(topic);
    }
  }

  /** Says that topics are missing. */
  ClientException missing(String topics) {
    return new ClientException(
        "topic %s: not on %s (expected: an existing topic); start the processor, which creates its topics (phistream run --bootstrap %s), or name another"
            .formatted(topics, bootstrap, bootstrap));
  }

  /** An idempotent producer, acknowledged by all replicas; takes records up to 64 MB. */
  public Producer<byte[], byte[]> producer() throws ClientException {
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
          settings(ours), new ByteArraySerializer(), new ByteArraySerializer());
    } catch (KafkaException e) {
      throw unusable(e);
    }
  }

  /** A consumer without a group that reads only what is committed. */
  public Consumer<byte[], byte[]> consumer() throws ClientException {
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
          settings(ours), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    } catch (KafkaException e) {
      throw unusable(e);
    }
  }

  /** An admin client. */
  public Admin admin() throws ClientException {
    try {
      return Admin.create(settings(Map.of()));
    } catch (KafkaException e) {
      throw unusable(e);
    }
  }

  private ClientException unusable(KafkaException e) {
    Throwable reason = e.getCause() == null ? e : e.getCause();
    return new ClientException(
        "Kafka at %s: no client with these settings: %s".formatted(bootstrap, reason.getMessage()),
        e);
  }

  private Map<String, Object> settings(Map<String, Object> ours) {
    Map<String, Object> all = new HashMap<>(ours);
    all.putAll(properties);
    all.put("bootstrap.servers", bootstrap);
    return all;
  }

  private int count(KafkaFuture<TopicDescription> topic) throws ClientException {
    try {
      return topic.get(ANSWER_SECONDS, TimeUnit.SECONDS).partitions().size();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return 0;
      }
      throw new ClientException(
          "Kafka at %s: %s".formatted(bootstrap, String.valueOf(e.getCause())), e);
    } catch (TimeoutException e) {
      throw new ClientException(
          "Kafka at %s: no answer within %d s (expected: a Kafka broker); check host and port"
              .formatted(bootstrap, ANSWER_SECONDS),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClientException("interrupted while asking Kafka at " + bootstrap, e);
    }
  }

  private void checkReachable() throws ClientException {
    IOException last = null;
    for (InetSocketAddress address : addresses(bootstrap)) {
      try (Socket socket = new Socket()) {
        // Resolved only now: a name that is unknown is a broker that does not answer.
        socket.connect(
            new InetSocketAddress(address.getHostString(), address.getPort()), CONNECT_MILLIS);
        return;
      } catch (IOException e) {
        last = e;
      }
    }
    throw new ClientException(
        "Kafka at %s: nobody answers: %s (expected: a running broker); start one (phistream broker), or name yours with --bootstrap HOST:PORT"
            .formatted(bootstrap, last),
        last == null ? new IOException(bootstrap) : last);
  }

  private static List<InetSocketAddress> addresses(String bootstrap) {
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (String part : bootstrap.split(",", -1)) {
      Matcher address = ADDRESS.matcher(part.strip());
      if (!address.matches() || Integer.parseInt(address.group(2)) > 65_535) {
        throw new IllegalArgumentException(
            "bootstrap: %s (expected: HOST:PORT, comma-separated)".formatted(bootstrap));
      }
      addresses.add(
          InetSocketAddress.createUnresolved(address.group(1), Integer.parseInt(address.group(2))));
    }
    return addresses;
  }
}
