package dev.phistream.runtime;

import dev.phistream.topology.RefusedRecords;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
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

  /** How long a device may stay in one call. */
  private static final Duration CALL_LIMIT = Duration.ofSeconds(6);

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

  private static final Pattern INSTANCE_ID = Pattern.compile("[a-zA-Z0-9._-]{1,200}");

  private StreamsProperties() {}

  /** Checks what does not depend on the input topic, and returns properties for one partition. */
  static Properties check(ProcessorConfig config) throws ConfigException {
    Application application =
        new Application(config.applicationId(), new Topology(), config.role() != Role.ROUTER);
    return of(config, application, 1, 1, Path.of("."));
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
      ProcessorConfig config,
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
    properties.putAll(config.kafka());
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, application.id());
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrap());
    if (isAwaited(config)) {
      properties.put(
          StreamsConfig.consumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG),
          instanceId(config));
    }
    // A handler that skips failed records would lose them: they have not entered the ledger.
    forbid(config.kafka(), StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG);
    forbid(config.kafka(), StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG);
    properties.put(
        StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG,
        LogAndFailProcessingExceptionHandler.class.getName());
    properties.put(
        StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, RefusedRecords.class.getName());
    checkRecordsPerPoll(config.kafka());
    checkNames(config.kafka());
    memory.checkCache(
        String.valueOf(properties.get(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG)));
    return properties;
  }

  /**
   * The longest record that the producer sends.
   *
   * @param properties as {@link #of} assembles them
   */
  static int producerBytes(Properties properties) throws ConfigException {
    Object configured =
        properties.get(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG));
    if (configured == null) {
      configured = properties.get(ProducerConfig.MAX_REQUEST_SIZE_CONFIG);
    }
    try {
      return Integer.parseInt(String.valueOf(configured));
    } catch (NumberFormatException e) {
      throw new ConfigException(
          "kafka.%s: %s (expected: bytes)"
              .formatted(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, configured),
          e);
    }
  }

  /** The longest event that is taken, uncompressed, with key and headers. */
  static long eventBytes(ProcessorConfig config) throws ConfigException {
    return (long) messageBytes(config) + EVENT_OVERHEAD_BYTES;
  }

  /** How long a device may stay in one call. */
  static Duration callLimit(ProcessorConfig config) throws ConfigException {
    Duration limit = config.watchdog().timeout().orElse(CALL_LIMIT);
    if (limit.toMillis() < 1) {
      throw new ConfigException(
          "watchdog.timeout: %d ms (expected: >= 1 ms)".formatted(limit.toMillis()));
    }
    return limit;
  }

  /** Whether the group waits for the instance when it stops, because it knows it by its name. */
  static boolean isAwaited(ProcessorConfig config) {
    return config.instanceId().isPresent();
  }

  private static String instanceId(ProcessorConfig config) throws ConfigException {
    String id = config.instanceId().orElseThrow();
    if (!INSTANCE_ID.matcher(id).matches()) {
      throw new ConfigException(
          "instance-id: %s (expected: 1 to 200 of letters, digits, '.', '_' and '-')"
              .formatted(id));
    }
    return id;
  }

  /** Largest record of the changelog: an event with what the ledger notes beside it. */
  static int ledgerMessageBytes(ProcessorConfig config) throws ConfigException {
    return Math.addExact(messageBytes(config), LEDGER_ENTRY_OVERHEAD_BYTES);
  }

  private static int messageBytes(ProcessorConfig config) throws ConfigException {
    long bytes = config.maxMessageBytes().bytes();
    if (bytes < 1 || bytes > Integer.MAX_VALUE / 2) {
      throw new ConfigException(
          "max-message-bytes: " + config.maxMessageBytes() + " (expected: 1 B to 1 GB)");
    }
    return (int) bytes;
  }

  private static boolean isExactlyOnce(ProcessorConfig config) {
    return config
        .kafka()
        .getOrDefault(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2)
        .equals(StreamsConfig.EXACTLY_ONCE_V2);
  }

  private static void forbid(Map<String, String> kafka, String name) throws ConfigException {
    if (kafka.containsKey(name)) {
      throw new ConfigException(
          "kafka.%s: %s (expected: not set, because skipping records would lose events)"
              .formatted(name, kafka.get(name)));
    }
  }

  /** More than one at a time would be taken whether the window has room or not. */
  private static void checkRecordsPerPoll(Map<String, String> kafka) throws ConfigException {
    for (String name : kafka.keySet()) {
      if (name.endsWith(ConsumerConfig.MAX_POLL_RECORDS_CONFIG)) {
        throw new ConfigException(
            "kafka.%s: %s (expected: not set; window.events says how many are taken)"
                .formatted(name, kafka.get(name)));
      }
    }
  }

  /** The processor must know whether it is awaited: then it stops without leaving the group. */
  private static void checkNames(Map<String, String> kafka) throws ConfigException {
    for (String name : kafka.keySet()) {
      if (name.endsWith(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG)) {
        throw new ConfigException(
            "kafka.%s: %s (expected: not set; instance-id names an instance)"
                .formatted(name, kafka.get(name)));
      }
    }
  }
}
