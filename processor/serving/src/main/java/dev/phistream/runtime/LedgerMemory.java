package dev.phistream.runtime;

import org.apache.kafka.streams.StreamsConfig;

/**
 * How many bytes the ledgers' cache must hold, so that only commits write events to the changelog.
 *
 * @param windowBytes most bytes of all partitions in flight
 * @param eventBytes most bytes of an event
 * @param slots most events of all partitions in flight
 * @param threads Kafka Streams threads, each of which has an equal share of the cache
 */
record LedgerMemory(long windowBytes, long eventBytes, long slots, int threads) {
  /** Of a slot beside the event's key and value: headers, place, the cache's own. */
  private static final long ENTRY_BYTES = 1024;

  private static final int PART_OF_HEAP = 4;

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
      checkHeap(config.window().bytes(), Runtime.getRuntime().maxMemory());
    }
    return new LedgerMemory(
        config.window().bytes().bytes(),
        config.maxMessageBytes().bytes(),
        (long) partitions * applications * config.window().events(),
        config.streamThreads());
  }

  static void checkHeap(DataSize window, long heap) throws ConfigException {
    if (window.bytes() > heap / PART_OF_HEAP) {
      throw new ConfigException(
          "window.bytes: %s (expected: at most %s, a quarter of the heap of %s, because events in flight are held twice); lower it, or raise -Xmx through JAVA_OPTS"
              .formatted(window, new DataSize(heap / PART_OF_HEAP), new DataSize(heap)));
    }
  }

  /** What the cache of all threads must hold: each may have the most of what is in flight. */
  long cacheBytes() {
    return slots == 0 ? 0 : (windowBytes + eventBytes + slots * ENTRY_BYTES) * threads;
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
          "kafka.%s: %s (expected: at least %d bytes, the window on %s, else events are written to the changelog that no commit asks for); leave it out, then it is as large as that"
              .formatted(
                  StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG,
                  configured,
                  cacheBytes(),
                  count(threads, "thread")));
    }
  }

  private static String count(int number, String thing) {
    return number + " " + thing + (number == 1 ? "" : "s");
  }
}
