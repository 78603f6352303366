package dev.phistream.testkit;

import dev.phistream.runtime.FreshTopics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * What integration tests need of a Kafka. One broker serves all tests of a run, so names of topics
 * and groups should be {@link #unique}. Get one as a parameter of a constructor or method of a test
 * class that has {@code @ExtendWith(BrokerKit.Extension.class)}.
 */
public final class BrokerKit {
  /** As the processor's default for {@code max-message-bytes}. */
  private static final int MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

  private static final long TIMEOUT_SECONDS = 20;

  private final KafkaBackend backend;
  private final AtomicInteger names = new AtomicInteger();

  private BrokerKit(KafkaBackend backend) {
    this.backend = backend;
  }

  /** Starts the broker at the first use in a run and stops it after the last test. */
  public static final class Extension implements ParameterResolver {
    /** What the root store closes. */
    private record Running(KafkaBackend backend, BrokerKit kit) implements AutoCloseable {
      @Override
      public void close() {
        backend.close();
      }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == BrokerKit.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(Namespace.create(BrokerKit.class))
          .getOrComputeIfAbsent(Running.class, key -> start(), Running.class)
          .kit();
    }

    private static Running start() {
      try {
        KafkaBackend backend = KafkaBackend.start();
        return new Running(backend, new BrokerKit(backend));
      } catch (Exception e) {
        throw new IllegalStateException("no Kafka for tests: " + e.getMessage(), e);
      }
    }
  }

  /** {@code HOST:PORT} for clients. */
  public String bootstrap() {
    return backend.bootstrap();
  }

  /** A name that no other test has. */
  public String unique(String name) {
    return name + "-" + ProcessHandle.current().pid() + "-" + names.incrementAndGet();
  }

  /** Creates topics that take records of 16 MB and keep them. */
  public void createTopics(int partitions, String... topics) {
    createTopics(partitions, Map.of(), topics);
  }

  /** The same with further settings. */
  public void createTopics(int partitions, Map<String, String> settings, String... topics) {
    Map<String, String> configs = new HashMap<>();
    configs.put("max.message.bytes", String.valueOf(MAX_MESSAGE_BYTES));
    configs.put("retention.ms", "-1"); // tests send events of any time, which it would delete
    configs.putAll(settings);
    List<NewTopic> all = new ArrayList<>();
    for (String topic : topics) {
      all.add(new NewTopic(topic, Optional.of(partitions), Optional.empty()).configs(configs));
    }
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
      admin.createTopics(all).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      FreshTopics.await(admin, List.of(topics), Duration.ofSeconds(TIMEOUT_SECONDS));
    } catch (ExecutionException | TimeoutException | InterruptedException e) {
      throw new AssertionError("topics not created: " + String.join(", ", topics), e);
    }
  }

  /** Creates a topic of one partition with a name of its own. */
  public String createTopic(String name) {
    String topic = unique(name);
    createTopics(1, topic);
    return topic;
  }

  /** Sends records and waits until they are acknowledged. */
  public void send(List<ProducerRecord<byte[], byte[]>> records) {
    send(records, Map.of());
  }

  /** The same with further settings of the producer. */
  public void send(List<ProducerRecord<byte[], byte[]>> records, Map<String, Object> settings) {
    Map<String, Object> config = new HashMap<>();
    config.put("bootstrap.servers", bootstrap());
    config.put("max.request.size", MAX_MESSAGE_BYTES);
    config.putAll(settings);
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (var sent : records.stream().map(producer::send).toList()) {
        sent.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      }
    } catch (ExecutionException | TimeoutException | InterruptedException e) {
      throw new AssertionError("records not acknowledged", e);
    }
  }

  /** A record with text headers. */
  public static ProducerRecord<byte[], byte[]> record(
      String topic, String key, byte[] value, Map<String, String> headers) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value);
    headers.forEach(
        (name, text) -> record.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
    return record;
  }

  /** Text headers of a record; of those with one name the last. */
  public static Map<String, String> headers(ConsumerRecord<?, ?> record) {
    Map<String, String> headers = new LinkedHashMap<>();
    record
        .headers()
        .forEach(
            header ->
                headers.put(
                    header.key(),
                    header.value() == null
                        ? ""
                        : new String(header.value(), StandardCharsets.UTF_8)));
    return headers;
  }

  /** All committed records that stand in topics now. */
  public List<ConsumerRecord<byte[], byte[]>> readAll(String... topics) {
    try (Consumer<byte[], byte[]> consumer = consumer()) {
      Map<TopicPartition, Long> ends = assign(consumer, topics);
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
      return records;
    }
  }

  /**
   * Committed records of topics from the beginning on, as soon as there are {@code count}, or those
   * that came within {@code timeout}.
   */
  public List<ConsumerRecord<byte[], byte[]>> read(int count, Duration timeout, String... topics) {
    try (Consumer<byte[], byte[]> consumer = consumer()) {
      assign(consumer, topics);
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      long deadline = System.nanoTime() + timeout.toNanos();
      while (records.size() < count && System.nanoTime() - deadline < 0) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
      return records;
    }
  }

  /** Reads topics from the beginning on; close it. */
  public Follower follow(String... topics) {
    Consumer<byte[], byte[]> consumer = consumer();
    var unused = assign(consumer, topics);
    return new Follower(consumer);
  }

  /** Reads on from where it was. */
  public static final class Follower implements AutoCloseable {
    private final Consumer<byte[], byte[]> consumer;

    private Follower(Consumer<byte[], byte[]> consumer) {
      this.consumer = consumer;
    }

    /** Committed records that came since the last call; waits a moment for some. */
    public List<ConsumerRecord<byte[], byte[]>> next() {
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      consumer.poll(Duration.ofMillis(50)).forEach(records::add);
      return records;
    }

    @Override
    public void close() {
      consumer.close();
    }
  }

  private static Map<TopicPartition, Long> assign(
      Consumer<byte[], byte[]> consumer, String... topics) {
    List<TopicPartition> partitions = new ArrayList<>();
    for (String topic : topics) {
      consumer
          .partitionsFor(topic)
          .forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
    }
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    return consumer.endOffsets(partitions);
  }

  private Consumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(
        Map.of(
            "bootstrap.servers",
            bootstrap(),
            "isolation.level",
            "read_committed",
            "enable.auto.commit",
            "false"),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }
}
