package dev.phistream.runtime;

import dev.phistream.config.ConfigException;
import dev.phistream.config.KafkaClient;
import dev.phistream.config.Problem;
import dev.phistream.config.Role;
import dev.phistream.config.Settings;
import dev.phistream.topology.RefusedRecords;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.LogAndFailProcessingExceptionHandler;

/** Kafka Streams properties: our defaults, the user's {@code kafka.*} over them, and our checks. */
final class StreamsProperties {
  private static final int LEDGER_ENTRY_OVERHEAD_BYTES = 64 * 1024;

  /** What a record has beside the bytes that brokers count for {@code max.message.bytes}. */
  private static final int EVENT_OVERHEAD_BYTES = 32 * 1024;

  /** The window is asked before each record, and the next may be a large one. */
  private static final int RECORDS_PER_POLL = 1;

  /**
   * Longer than Kafka's 100 ms: each commit writes what is in flight to the changelog. Results that
   * somebody waits for ask for commits themselves.
   */
  private static final Duration COMMIT_INTERVAL = Duration.ofSeconds(1);

  /** A router has nothing in flight, and classifiers see what it has committed. */
  private static final Duration ROUTER_COMMIT_INTERVAL = Duration.ofMillis(20);

  private static final int PRODUCER_BATCH_BYTES = 512 * 1024;
  private static final long PRODUCER_BUFFER_BYTES = 64L * 1024 * 1024;
  private static final int SIZED_BY_SYSTEM = -1;

  /** Kafka Streams' own is 100, so that a result would wait for others that do not come. */
  private static final int LINGER_MILLIS = 1;

  private static final Duration IDLE_POLL = Duration.ofMillis(5);

  private StreamsProperties() {}

  /** Checks what does not depend on the input topic, and returns properties for one partition. */
  static Properties check(Settings config) throws ConfigException {
    Application application =
        new Application(config.applicationId(), new Topology(), config.role() != Role.ROUTER);
    Properties properties = of(config, application, 1, 1, Path.of("."));
    try {
      var unused = new StreamsConfig(properties);
      return properties;
    } catch (org.apache.kafka.common.config.ConfigException | IllegalArgumentException e) {
      throw new ConfigException(List.of(new Problem("kafka.*", "kafka.*: " + e.getMessage())), e);
    }
  }

  /**
   * Assembles them.
   *
   * @param application which of the process's
   * @param inputPartitions partitions of the input topic, each of which has a window in the cache
   *     if this instance is alone
   * @param applications how many the process has
   * @param stateDirectory where Kafka Streams keeps its lock files; one per process
   * @throws ConfigException when a setting would break a guarantee
   */
  static Properties of(
      Settings config,
      Application application,
      int inputPartitions,
      int applications,
      Path stateDirectory)
      throws ConfigException {
    LedgerMemory memory =
        LedgerMemory.of(config, application.classifies() ? inputPartitions : 0, applications);
    Properties properties = new Properties();
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, config.streamThreads());
    // With nothing to read, the thread sleeps in poll(); finished answers wait for it.
    properties.put(StreamsConfig.POLL_MS_CONFIG, IDLE_POLL.toMillis());
    // A task has one partition: there is no other whose records could be earlier.
    properties.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);
    properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, memory.cacheBytes());
    properties.put(
        StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
        (application.classifies() ? COMMIT_INTERVAL : ROUTER_COMMIT_INTERVAL).toMillis());
    // Events are large: several in a batch, and sockets as the system sizes them.
    properties.put(
        StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), PRODUCER_BATCH_BYTES);
    properties.put(
        StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG),
        Math.max(PRODUCER_BUFFER_BYTES, 2L * ledgerMessageBytes(config)));
    properties.put(ConsumerConfig.RECEIVE_BUFFER_CONFIG, SIZED_BY_SYSTEM);
    properties.put(ProducerConfig.SEND_BUFFER_CONFIG, SIZED_BY_SYSTEM);
    // What the ledger holds is in flight: restored in a moment, however far its changelog's offsets
    // have come. By them Kafka Streams would let a new instance warm up for ten minutes first.
    properties.put(StreamsConfig.ACCEPTABLE_RECOVERY_LAG_CONFIG, Long.MAX_VALUE);
    properties.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
    properties.put(
        StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
        ledgerMessageBytes(config));
    // Kafka Streams' own is 1000, of which each would be some 100 kB that wait for room.
    properties.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, config.window().events());
    properties.put(
        StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG),
        application.classifies() ? RECORDS_PER_POLL : config.window().events());
    properties.put(
        StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    if (!isExactlyOnce(config)) { // else commits send what waits, and nobody sees it before
      properties.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), LINGER_MILLIS);
    }
    properties.keySet().removeIf(name -> config.kafka().overrules(String.valueOf(name)));
    properties.putAll(config.kafka().properties());
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, application.id());
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrap());
    config
        .instanceId()
        .ifPresent(
            id ->
                properties.put(
                    StreamsConfig.consumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), id));
    // A handler that skips failed records would lose them: they have not entered the ledger.
    properties.put(
        StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG,
        LogAndFailProcessingExceptionHandler.class.getName());
    properties.put(
        StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, RefusedRecords.class.getName());
    memory.checkCache(
        config, String.valueOf(properties.get(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG)));
    return properties;
  }

  /**
   * The longest record that the producer sends.
   *
   * @param properties as {@link #of} assembles them
   */
  static int producerBytes(Properties properties) {
    Object configured =
        properties.get(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG));
    if (configured == null) {
      configured = properties.get(ProducerConfig.MAX_REQUEST_SIZE_CONFIG);
    }
    return Integer.parseInt(String.valueOf(configured).strip());
  }

  /** The longest event that is taken, uncompressed, with key and headers. */
  static long eventBytes(Settings config) {
    return config.maxMessageBytes().bytes() + EVENT_OVERHEAD_BYTES;
  }

  /** Largest record of the changelog: an event with what the ledger notes beside it. */
  static int ledgerMessageBytes(Settings config) {
    return Math.toIntExact(config.maxMessageBytes().bytes()) + LEDGER_ENTRY_OVERHEAD_BYTES;
  }

  private static boolean isExactlyOnce(Settings config) {
    return config
        .kafka()
        .value(KafkaClient.STREAMS, StreamsConfig.PROCESSING_GUARANTEE_CONFIG)
        .map(StreamsConfig.EXACTLY_ONCE_V2::equals)
        .orElse(true);
  }
}
