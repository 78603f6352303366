package dev.phistream.runtime;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.LogAndFailProcessingExceptionHandler;

/** Kafka Streams properties: our defaults, the user's {@code kafka.*} over them, and our checks. */
final class StreamsProperties {
  /** Kafka Streams' own default, which bounds how long a failed-over instance is waited for. */
  private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(10);

  private static final int LEDGER_ENTRY_OVERHEAD_BYTES = 64 * 1024;

  /** Longer than Kafka's 100: each commit writes what is in flight to the changelog. */
  private static final Duration COMMIT_INTERVAL = Duration.ofMillis(250);

  /** A router has nothing in flight, and classifiers see what it has committed. */
  private static final Duration ROUTER_COMMIT_INTERVAL = Duration.ofMillis(20);

  private static final int PRODUCER_BATCH_BYTES = 512 * 1024;
  private static final long PRODUCER_BUFFER_BYTES = 64L * 1024 * 1024;
  private static final int SIZED_BY_SYSTEM = -1;

  /** Kafka Streams' own is 100, so that a result would wait for others that do not come. */
  private static final int LINGER_MILLIS = 1;

  private static final Duration IDLE_POLL = Duration.ofMillis(5);
  private static final double PROCESS_SHARE_OF_TRANSACTION = 0.8;

  private static final double CALL_SHARE_OF_BLOCK = 0.75;

  private StreamsProperties() {}

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
    int windows = application.classifies() ? inputPartitions : 0;
    Properties properties = new Properties();
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, config.streamThreads());
    // With nothing to read, the thread sleeps in poll(); finished answers wait for it.
    properties.put(StreamsConfig.POLL_MS_CONFIG, IDLE_POLL.toMillis());
    properties.put(
        StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, ledgerCacheBytes(config, windows));
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
    properties.put(
        StreamsConfig.consumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG),
        messageBytes(config));
    properties.put(
        StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    if (!isExactlyOnce(config)) { // else commits send what waits, and nobody sees it before
      properties.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), LINGER_MILLIS);
    }
    properties.putAll(config.kafka());
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, application.id());
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrap());
    // A handler that skips failed records would lose them: they have not entered the ledger.
    forbid(config.kafka(), StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG);
    forbid(config.kafka(), StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG);
    properties.put(
        StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG,
        LogAndFailProcessingExceptionHandler.class.getName());
    checkCache(config, windows, applications, properties);
    return properties;
  }

  /** Room for every partition's window and as much again for keys, headers and bookkeeping. */
  static long ledgerCacheBytes(ProcessorConfig config, int inputPartitions) {
    long entries = (long) inputPartitions * config.window().events();
    return inputPartitions * config.window().bytes().bytes() + entries * 1024;
  }

  /** How long a full window may hold its thread up without the broker ending the transaction. */
  static Duration maxBlock(ProcessorConfig config) throws ConfigException {
    String configured =
        config
            .kafka()
            .getOrDefault(
                StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG),
                config
                    .kafka()
                    .getOrDefault(
                        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                        String.valueOf(TRANSACTION_TIMEOUT.toMillis())));
    try {
      return Duration.ofMillis(
          Math.round(Long.parseLong(configured) * PROCESS_SHARE_OF_TRANSACTION));
    } catch (NumberFormatException e) {
      throw new ConfigException(
          "kafka.transaction.timeout.ms: " + configured + " (expected: milliseconds)", e);
    }
  }

  /**
   * How long a device may stay in one call: less than a full window may wait, so that the device's
   * events run elsewhere before their thread fails.
   */
  static Duration callLimit(ProcessorConfig config) throws ConfigException {
    Duration most = maxBlock(config);
    Duration limit =
        config
            .watchdog()
            .timeout()
            .orElse(Duration.ofMillis(Math.round(most.toMillis() * CALL_SHARE_OF_BLOCK)));
    if (limit.toMillis() < 1 || limit.compareTo(most) >= 0) {
      throw new ConfigException(
          "watchdog.timeout: %d ms (expected: 1 ms to less than %d ms, 80 %% of kafka.transaction.timeout.ms, else a full window fails its thread first); lower it or raise kafka.transaction.timeout.ms"
              .formatted(limit.toMillis(), most.toMillis()));
    }
    return limit;
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

  private static void checkCache(
      ProcessorConfig config, int partitions, int applications, Properties properties)
      throws ConfigException {
    String cache = String.valueOf(properties.get(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG));
    long windows = partitions * config.window().bytes().bytes();
    long heap = Runtime.getRuntime().maxMemory();
    if (windows * applications > heap / 2) {
      throw new ConfigException(
          "window.bytes: %s × %d partitions = %s (expected: at most half of the heap, which is %s); lower window.bytes, raise -Xmx through JAVA_OPTS, or run more instances"
              .formatted(
                  config.window().bytes(),
                  partitions * applications,
                  new DataSize(windows * applications),
                  new DataSize(heap)));
    }
    if (Long.parseLong(cache) < windows) {
      throw new ConfigException(
          "kafka.statestore.cache.max.bytes: %s (expected: at least %d = window.bytes × %d partitions, else every event is written to the changelog)"
              .formatted(cache, windows, partitions));
    }
  }
}
