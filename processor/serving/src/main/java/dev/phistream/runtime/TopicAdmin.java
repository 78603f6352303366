package dev.phistream.runtime;

import dev.phistream.config.DataSize;
import dev.phistream.config.Settings;
import dev.phistream.kafka.ClusterException;
import dev.phistream.kafka.KafkaConnection;
import dev.phistream.topology.TopicLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.record.TimestampType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the topics that a processor needs and creates what is missing. Thread-safe. */
public final class TopicAdmin implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TopicAdmin.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration ASK_AGAIN = Duration.ofMillis(100);

  private final Admin admin;
  private final String bootstrap;

  TopicAdmin(Admin admin, String bootstrap) {
    this.admin = admin;
    this.bootstrap = bootstrap;
  }

  /** Returns an admin client with the user's Kafka settings. */
  static Admin connect(Settings config) throws ClusterException {
    return new KafkaConnection(config.kafka()).admin();
  }

  /**
   * Looks which topics exist, without creating any.
   *
   * @throws ClusterException when the cluster does not answer, or topics are missing and may not be
   *     created
   */
  void requireTopics(Settings.Topics topics, Set<String> outputs) throws ClusterException {
    List<String> unused = missing(topics, outputs);
  }

  private List<String> missing(Settings.Topics topics, Set<String> outputs)
      throws ClusterException {
    Set<String> wanted = new LinkedHashSet<>(outputs);
    wanted.add(topics.input());
    Set<String> existing = await(admin.listTopics().names(), "listing topics");
    List<String> missing = wanted.stream().filter(topic -> !existing.contains(topic)).toList();
    if (!missing.isEmpty() && !topics.create()) {
      throw new ClusterException(
          "topics missing on %s: %s; create them, or set topics.create to true"
              .formatted(bootstrap, String.join(", ", missing)));
    }
    return missing;
  }

  /** The same with an admin client of its own, which {@link #close} ends. */
  static TopicAdmin open(Settings config) throws ClusterException {
    return new TopicAdmin(connect(config), config.bootstrap());
  }

  /**
   * Reads what topics take. Those that are missing, or that the user may not describe, are left
   * out.
   *
   * @throws ClusterException when the cluster does not answer
   */
  Map<String, TopicLimits> limits(Set<String> topics) throws ClusterException {
    Map<String, TopicLimits> limits = new HashMap<>();
    for (Map.Entry<ConfigResource, KafkaFuture<Config>> read :
        admin.describeConfigs(resources(topics)).values().entrySet()) {
      String topic = read.getKey().name();
      try {
        limits.put(topic, limits(await(read.getValue(), "reading the limits of topic " + topic)));
      } catch (ClusterException e) {
        if (e.getCause() instanceof AuthorizationException) {
          log.warn(
              "the limits of topic {} are unknown, Kafka's defaults are assumed: {}; grant"
                  + " DescribeConfigs",
              topic,
              e.getMessage());
        } else if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
          throw e;
        }
      }
    }
    return limits;
  }

  /**
   * Lets the changelogs of ledgers that exist already take every entry, whatever its size and time.
   *
   * @throws ClusterException when the cluster does not answer, or refuses
   */
  void fitChangelogs(Set<String> changelogs, Map<String, String> settings) throws ClusterException {
    Set<String> existing = await(admin.listTopics().names(), "listing topics");
    Set<String> old = new LinkedHashSet<>(changelogs);
    old.retainAll(existing);
    for (Map.Entry<ConfigResource, KafkaFuture<Config>> read :
        admin.describeConfigs(resources(old)).values().entrySet()) {
      String topic = read.getKey().name();
      Config config = await(read.getValue(), "reading the configuration of topic " + topic);
      List<AlterConfigOp> changes = new ArrayList<>();
      settings.forEach(
          (name, value) -> {
            ConfigEntry entry = config.get(name);
            if (entry == null || !value.equals(entry.value())) {
              changes.add(
                  new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET));
            }
          });
      if (!changes.isEmpty()) {
        await(
            admin.incrementalAlterConfigs(Map.of(read.getKey(), changes)).all(),
            "setting %s of topic %s, which the ledger needs".formatted(settings, topic));
        log.info("topic {} now has {}", topic, settings);
      }
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ZERO); // what is still asked, nobody wants to know
  }

  private static List<ConfigResource> resources(Set<String> topics) {
    return topics.stream()
        .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
        .toList();
  }

  private static TopicLimits limits(Config config) {
    boolean brokersTime =
        TimestampType.LOG_APPEND_TIME.name.equals(
            text(config, TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, ""));
    return new TopicLimits(
        (int) number(config, TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.MAX_VALUE),
        brokersTime
            ? Long.MAX_VALUE
            : number(config, TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG, Long.MAX_VALUE),
        brokersTime
            ? Long.MAX_VALUE
            : number(config, TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG, Long.MAX_VALUE));
  }

  private static long number(Config config, String name, long otherwise) {
    return Long.parseLong(text(config, name, String.valueOf(otherwise)));
  }

  private static String text(Config config, String name, String otherwise) {
    ConfigEntry entry = config.get(name);
    return entry == null || entry.value() == null ? otherwise : entry.value();
  }

  /**
   * Makes sure that all topics exist.
   *
   * @param maxMessage most bytes of a record of the input
   * @param outputBytes most bytes of a record of an output
   * @param outputSettings of output topics that are created
   * @return partitions of the input topic
   * @throws ClusterException when the cluster does not answer, or topics are missing and may not be
   *     created
   */
  int prepare(
      Settings.Topics topics,
      Set<String> outputs,
      DataSize maxMessage,
      int outputBytes,
      Map<String, String> outputSettings)
      throws ClusterException {
    List<String> missing = missing(topics, outputs);
    Map<String, String> limit =
        Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(maxMessage.bytes()));
    if (missing.contains(topics.input())) {
      create(List.of(topics.input()), topics.partitions(), limit);
    }
    int partitions = partitions(topics.input());
    Map<String, String> settings = new HashMap<>();
    settings.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(outputBytes));
    settings.putAll(outputSettings);
    create(
        missing.stream().filter(topic -> !topic.equals(topics.input())).toList(),
        partitions,
        settings);
    return partitions;
  }

  /**
   * Makes sure that a topic of one partition exists that keeps its records for ever.
   *
   * @throws ClusterException when the cluster does not answer, or refuses
   */
  public static void ensureKept(Settings config, String topic) throws ClusterException {
    try (Admin admin = connect(config)) {
      TopicAdmin topics = new TopicAdmin(admin, config.bootstrap());
      if (!topics.await(admin.listTopics().names(), "listing topics").contains(topic)) {
        if (!config.topics().create()) {
          throw new ClusterException(
              "topic missing on %s: %s; create it with one partition, cleanup.policy=delete and retention.ms=-1, or set topics.create to true"
                  .formatted(config.bootstrap(), topic));
        }
        topics.create(
            List.of(topic),
            1,
            Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_DELETE,
                TopicConfig.RETENTION_MS_CONFIG,
                "-1"));
      }
      int unused = topics.partitions(topic);
    }
  }

  /** Partitions of a topic; one that was created a moment ago may not be known everywhere yet. */
  int partitions(String topic) throws ClusterException {
    long begun = System.nanoTime();
    while (true) {
      try {
        Map<String, TopicDescription> described =
            await(
                admin.describeTopics(List.of(topic)).allTopicNames(), "describing topic " + topic);
        return Optional.ofNullable(described.get(topic)).orElseThrow().partitions().size();
      } catch (ClusterException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)
            || System.nanoTime() - begun > TIMEOUT.toNanos()) {
          throw e;
        }
        pause();
      }
    }
  }

  private static void pause() throws ClusterException {
    try {
      TimeUnit.MILLISECONDS.sleep(ASK_AGAIN.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterException("interrupted while waiting for a topic", e);
    }
  }

  private void create(List<String> topics, int partitions, Map<String, String> settings)
      throws ClusterException {
    List<NewTopic> missing = new ArrayList<>();
    for (String topic : topics) {
      missing.add(new NewTopic(topic, Optional.of(partitions), Optional.empty()).configs(settings));
    }
    for (Map.Entry<String, KafkaFuture<Void>> created :
        admin.createTopics(missing).values().entrySet()) {
      try {
        await(created.getValue(), "creating topic " + created.getKey());
        log.info("created topic {} with {} partitions", created.getKey(), partitions);
      } catch (ClusterException e) {
        if (!(e.getCause() instanceof TopicExistsException)) { // another instance was faster
          throw e;
        }
      }
    }
    awaitServed(topics);
  }

  private void awaitServed(List<String> topics) throws ClusterException {
    String named = String.join(", ", topics);
    try {
      FreshTopics.await(admin, topics, TIMEOUT);
    } catch (ExecutionException | TimeoutException e) {
      throw new ClusterException(
          "Kafka at %s: topics created, but not all partitions have a leader that answers: %s (expected: within %d s); check the brokers' logs"
              .formatted(bootstrap, named, TIMEOUT.toSeconds()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterException("interrupted while waiting for topics " + named, e);
    }
  }

  private <T> T await(KafkaFuture<T> future, String what) throws ClusterException {
    try {
      return future.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new ClusterException(
          "Kafka at %s: %s failed: %s".formatted(bootstrap, what, cause.getMessage()), cause);
    } catch (TimeoutException e) {
      throw new ClusterException(
          "Kafka at %s: no answer within %d s (expected: a running broker); check bootstrap and that the broker is up"
              .formatted(bootstrap, TIMEOUT.toSeconds()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterException("interrupted while " + what, e);
    }
  }
}
