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
  void the_cache_holds_the_window_that_all_partitions_share() throws Exception {
    Map<String, String> windows = Map.of("window.bytes", "8MB", "max-message-bytes", "1MB");

    assertThat(cache(windows, 4)).isBetween(9 * MIB, 10 * MIB);
    assertThat(cache(windows, 200)).isBetween(9 * MIB, 17 * MIB);
  }

  @Test
  void each_thread_s_share_of_the_cache_holds_the_whole_window() throws Exception {
    Map<String, String> threads =
        Map.of("window.bytes", "8MB", "max-message-bytes", "1MB", "stream-threads", "3");

    assertThat(cache(threads, 4) / 3).isBetween(9 * MIB, 10 * MIB);
  }

  @Test
  void the_cache_holds_an_event_that_is_larger_than_the_window() throws Exception {
    assertThat(cache(Map.of("window.bytes", "1MB", "max-message-bytes", "24MB"), 2))
        .isGreaterThan(24 * MIB);
  }

  @Test
  void a_smaller_cache_is_refused_with_the_size_that_would_do() {
    assertThatThrownBy(
            () -> properties(Map.of("kafka." + CACHE, "1000000", "window.bytes", "16MB"), 4))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "kafka.statestore.cache.max.bytes: 1000000 (expected: at least 33685504 bytes, the"
                + " window on 1 thread, else events are written to the changelog that no commit"
                + " asks for); leave it out, then it is as large as that");
    assertThatThrownBy(() -> properties(Map.of("kafka." + CACHE, "64MB"), 4))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("kafka.statestore.cache.max.bytes: 64MB (expected: at least ");
  }

  @Test
  void a_larger_cache_may_be_asked_for() throws Exception {
    assertThat(cache(Map.of("kafka." + CACHE, "500000000"), 4)).isEqualTo(500_000_000);
  }

  @Test
  void a_window_that_would_fill_the_heap_are_refused_with_the_size_that_would_do() {
    assertThatThrownBy(() -> LedgerMemory.checkHeap(DataSize.parse("300MB"), 1024 * MIB))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "window.bytes: 300 MB (expected: at most 256 MB, a quarter of the heap of 1 GB, because"
                + " events in flight are held twice); lower it, or raise -Xmx through JAVA_OPTS");
  }

  @Test
  void sizes_of_nothing_are_refused_by_name() {
    assertRefused("window.events", "0", "window.events: 0 (expected: at least 1)");
    assertRefused("window.bytes", "0", "window.bytes: 0 B (expected: at least 1 B)");
    assertRefused("stream-threads", "0", "stream-threads: 0 (expected: at least 1)");
  }

  @Test
  void more_than_one_record_at_a_time_is_refused_because_the_window_is_asked_for_each() {
    assertRefused(
        "kafka.max.poll.records",
        "500",
        "kafka.max.poll.records: 500 (expected: not set; window.events says how many are taken)");
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
