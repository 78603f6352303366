package dev.phistream.runtime;

import org.apache.kafka.streams.StreamsConfig;

/**
 * How many bytes the ledgers' cache must hold, so that only commits write events to the changelog.
 *
 * @param windowBytes most bytes of a partition in flight
 * @param partitions of the input topic, all of which an instance may get
 * @param threads Kafka Streams threads, each of which has an equal share of the cache
 */
record LedgerMemory(long windowBytes, int partitions, int threads) {
  /** Of a slot beside the event's key and value: headers, place, the cache's own. */
  private static final long ENTRY_BYTES = 1024;

  /**
   * Computes it for one of the process's applications.
   *
   * @param partitions that have a window: all of the input topic, or none
   * @param applications that have as many, each with a cache of its own
   * @throws ConfigException when a size cannot be, or the heap is too small for the windows
   */
  static LedgerMemory of(ProcessorConfig config, int partitions, int applications)
      throws ConfigException {
    if (config.streamThreads() < 1) {
      throw new ConfigException(
          "stream-threads: %d (expected: at least 1)".formatted(config.streamThreads()));
    }
    if (config.window().events() < 1) {
      throw new ConfigException(
          "window.events: %d (expected: at least 1)".formatted(config.window().events()));
    }
    if (config.window().bytes().bytes() < 1) {
      throw new ConfigException(
          "window.bytes: %s (expected: at least 1 B)".formatted(config.window().bytes()));
    }
    if (partitions > 0) {
      checkHeap(
          config.window().bytes(), partitions * applications, Runtime.getRuntime().maxMemory());
    }
    // An event that is larger than the window is let in when there is no other.
    long window = Math.max(config.window().bytes().bytes(), config.maxMessageBytes().bytes());
    return new LedgerMemory(
        window + config.window().events() * ENTRY_BYTES, partitions, config.streamThreads());
  }

  static void checkHeap(DataSize window, int partitions, long heap) throws ConfigException {
    if (window.bytes() > heap / 2 / partitions) {
      throw new ConfigException(
          "window.bytes: %s (expected: at most %s, so that %s, all of which one instance may get, take no more than half of the heap of %s); lower it, or raise -Xmx through JAVA_OPTS"
              .formatted(
                  window,
                  new DataSize(heap / 2 / partitions),
                  count(partitions, "partition"),
                  new DataSize(heap)));
    }
  }

  /** What the cache of all threads must hold. */
  long cacheBytes() {
    long tasksPerThread = (partitions + threads - 1L) / threads;
    return windowBytes * tasksPerThread * threads;
  }

  /**
   * Checks a cache that somebody has sized.
   *
   * @param configured as given
   */
  void checkCache(String configured) throws ConfigException {
    boolean large;
    try {
      large = Long.parseLong(configured) >= cacheBytes();
    } catch (NumberFormatException e) {
      large = false;
    }
    if (!large) {
      throw new ConfigException(
          "kafka.%s: %s (expected: at least %d bytes, the windows of %s on %s, else events are written to the changelog that no commit asks for); leave it out, then it is as large as that"
              .formatted(
                  StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG,
                  configured,
                  cacheBytes(),
                  count(partitions, "partition"),
                  count(threads, "thread")));
    }
  }

  private static String count(int number, String thing) {
    return number + " " + thing + (number == 1 ? "" : "s");
  }
}
