package dev.phistream.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.streams.Topology;
import org.junit.jupiter.api.Test;

/** What the ledger needs of Kafka Streams' properties, and what is said where it cannot be. */
class StreamsPropertiesTest {
  private static final long MIB = 1 << 20;
  private static final String CACHE = "statestore.cache.max.bytes";

  @Test
  void the_cache_holds_the_windows_of_all_partitions() throws Exception {
    Map<String, String> windows = Map.of("window.bytes", "8MB", "max-message-bytes", "1MB");

    assertThat(cache(windows, 4)).isBetween(32 * MIB, 33 * MIB);
    assertThat(cache(windows, 12)).isBetween(96 * MIB, 97 * MIB);
  }

  @Test
  void each_thread_s_share_of_the_cache_holds_the_windows_of_its_partitions() throws Exception {
    Map<String, String> threads =
        Map.of("window.bytes", "8MB", "max-message-bytes", "1MB", "stream-threads", "3");

    assertThat(cache(threads, 4) / 3).isBetween(16 * MIB, 17 * MIB);
  }

  @Test
  void the_cache_holds_an_event_that_is_larger_than_the_window() throws Exception {
    assertThat(cache(Map.of("window.bytes", "1MB", "max-message-bytes", "24MB"), 2))
        .isGreaterThan(48 * MIB);
  }

  @Test
  void a_smaller_cache_is_refused_with_the_size_that_would_do() {
    assertThatThrownBy(
            () -> properties(Map.of("kafka." + CACHE, "1000000", "window.bytes", "16MB"), 4))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "kafka.statestore.cache.max.bytes: 1000000 (expected: at least 67239936 bytes, the windows of 4 partitions on 1 thread, else events are written to the changelog that no commit asks for); leave it out, then it is as large as that");
    assertThatThrownBy(() -> properties(Map.of("kafka." + CACHE, "64MB"), 4))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("kafka.statestore.cache.max.bytes: 64MB (expected: at least ");
  }

  @Test
  void a_larger_cache_may_be_asked_for() throws Exception {
    assertThat(cache(Map.of("kafka." + CACHE, "500000000"), 4)).isEqualTo(500_000_000);
  }

  @Test
  void windows_that_would_fill_the_heap_are_refused_with_the_size_that_would_do() {
    assertThatThrownBy(() -> LedgerMemory.checkHeap(DataSize.parse("32MB"), 64, 1024 * MIB))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "window.bytes: 32 MB (expected: at most 8 MB, so that 64 partitions, all of which one instance may get, take no more than half of the heap of 1 GB); lower it, or raise -Xmx through JAVA_OPTS");
  }

  @Test
  void sizes_of_nothing_are_refused_by_name() {
    assertRefused("window.events", "0", "window.events: 0 (expected: at least 1)");
    assertRefused("window.bytes", "0", "window.bytes: 0 B (expected: at least 1 B)");
    assertRefused("stream-threads", "0", "stream-threads: 0 (expected: at least 1)");
  }

  @Test
  void a_full_window_may_not_hold_its_thread_up_until_the_group_gives_it_up() {
    assertRefused(
        "kafka.transaction.timeout.ms",
        "600000",
        "kafka.max.poll.interval.ms: 300000 (expected: more than 480000, 80 % of kafka.transaction.timeout.ms, for which a full window may hold its thread up); raise it");
  }

  @Test
  void a_time_out_that_is_no_number_is_refused_by_name() {
    assertRefused(
        "kafka.transaction.timeout.ms",
        "10s",
        "kafka.transaction.timeout.ms: 10s (expected: milliseconds)");
  }

  @Test
  void a_named_instance_is_a_static_member_of_its_group() throws Exception {
    assertThat(properties(Map.of("instance-id", "camera-hall-0"), 4))
        .containsEntry("consumer.group.instance.id", "camera-hall-0");
    assertThat(properties(Map.of(), 4)).doesNotContainKey("consumer.group.instance.id");
  }

  @Test
  void names_of_instances_that_cannot_be_are_refused() {
    assertRefused(
        "instance-id",
        "hall 0",
        "instance-id: hall 0 (expected: 1 to 200 of letters, digits, '.', '_' and '-')");
    assertRefused(
        "kafka.group.instance.id",
        "hall-0",
        "kafka.group.instance.id: hall-0 (expected: not set; instance-id names an instance)");
  }

  private static void assertRefused(String name, String value, String message) {
    assertThatThrownBy(() -> properties(Map.of(name, value), 4))
        .isInstanceOf(ConfigException.class)
        .hasMessage(message);
  }

  private static long cache(Map<String, String> settings, int partitions) throws Exception {
    return Long.parseLong(String.valueOf(properties(settings, partitions).get(CACHE)));
  }

  private static Properties properties(Map<String, String> settings, int partitions)
      throws ConfigException {
    return StreamsProperties.of(
        ConfigLoader.load(null, Map.of(), settings),
        new Application("phistream", new Topology(), true),
        partitions,
        1,
        Path.of("state"));
  }
}
