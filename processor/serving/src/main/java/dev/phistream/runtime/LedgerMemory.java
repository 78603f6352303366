package dev.phistream.runtime;

import dev.phistream.config.ConfigException;
import dev.phistream.config.DataSize;
import dev.phistream.config.Settings;
import java.util.List;
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
   * @throws ConfigException when the heap is too small for the window
   */
  static LedgerMemory of(Settings config, int partitions, int applications) throws ConfigException {
    if (partitions > 0) {
      checkHeap(config, Runtime.getRuntime().maxMemory());
    }
    return new LedgerMemory(
        config.window().bytes().bytes(),
        config.maxMessageBytes().bytes(),
        (long) partitions * applications * config.window().events(),
        config.streamThreads());
  }

  /** Refuses a window that would fill the heap. */
  static void checkHeap(Settings settings, long heap) throws ConfigException {
    DataSize window = settings.window().bytes();
    if (window.bytes() > heap / PART_OF_HEAP) {
      throw refused(
          settings,
          "window.bytes",
          window.toString(),
          "at most %s, a quarter of the heap of %s, because events in flight are held twice"
              .formatted(new DataSize(heap / PART_OF_HEAP), new DataSize(heap)),
          "lower it, or raise -Xmx through JAVA_OPTS");
    }
  }

  private static ConfigException refused(
      Settings settings, String name, String shown, String expected, String remedy) {
    return new ConfigException(
        List.of(settings.provenance().problem(name, shown, expected, remedy)));
  }

  /** What the cache of all threads must hold: each may have the most of what is in flight. */
  long cacheBytes() {
    return slots == 0 ? 0 : (windowBytes + eventBytes + slots * ENTRY_BYTES) * threads;
  }

  /**
   * Checks a cache that somebody has sized.
   *
   * @param configured its bytes
   */
  void checkCache(Settings settings, String configured) throws ConfigException {
    if (Long.parseLong(configured.strip()) < cacheBytes()) {
      throw refused(
          settings,
          "kafka." + StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG,
          configured,
          "at least %d bytes, the window on %s, else events are written to the changelog that no commit asks for"
              .formatted(cacheBytes(), count(threads, "thread")),
          "leave it out, then it is as large as that");
    }
  }

  private static String count(int number, String thing) {
    return number + " " + thing + (number == 1 ? "" : "s");
  }
}
