package dev.phistream.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phistream.config.ConfigException;
import dev.phistream.config.Settings;
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
                + " asks for; set by the program); leave it out, then it is as large as that");
  }

  @Test
  void a_larger_cache_may_be_asked_for() throws Exception {
    assertThat(cache(Map.of("kafka." + CACHE, "500000000"), 4)).isEqualTo(500_000_000);
  }

  @Test
  void a_window_that_would_fill_the_heap_are_refused_with_the_size_that_would_do() {
    assertThatThrownBy(
            () -> LedgerMemory.checkHeap(Settings.of(Map.of("window.bytes", "300MB")), 1024 * MIB))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "window.bytes: 300 MB (expected: at most 256 MB, a quarter of the heap of 1 GB, because"
                + " events in flight are held twice; set by the program); lower it, or raise -Xmx"
                + " through JAVA_OPTS");
  }

  @Test
  void a_limit_that_is_named_may_be_set() throws Exception {
    long heap = 635 * MIB + 12345;

    assertThatThrownBy(
            () -> LedgerMemory.checkHeap(Settings.of(Map.of("window.bytes", "1GB")), heap))
        .hasMessageContaining("at most 158.7 MB, a quarter");
    LedgerMemory.checkHeap(Settings.of(Map.of("window.bytes", "158.7 MB")), heap);
  }

  @Test
  void what_a_user_sets_without_a_prefix_overrules_our_prefixed_default() throws Exception {
    assertThat(properties(Map.of("kafka.batch.size", "1000"), 4))
        .containsEntry("batch.size", "1000")
        .doesNotContainKey("producer.batch.size");
  }

  @Test
  void a_named_instance_is_a_static_member_of_its_group() throws Exception {
    assertThat(properties(Map.of("instance-id", "camera-hall-0"), 4))
        .containsEntry("consumer.group.instance.id", "camera-hall-0");
    assertThat(properties(Map.of(), 4)).doesNotContainKey("consumer.group.instance.id");
  }

  @Test
  void at_least_once_results_do_not_linger_unless_told_to() throws Exception {
    String linger = "producer.linger.ms";

    assertThat(properties(Map.of("kafka.processing.guarantee", "at_least_once"), 4))
        .containsEntry(linger, 1);
    assertThat(
            properties(
                Map.of(
                    "kafka.processing.guarantee", "at_least_once",
                    "kafka.producer.linger.ms", "20"),
                4))
        .containsEntry(linger, "20");
    // Nobody sees them before the commit, which sends what lingers.
    assertThat(properties(Map.of(), 4)).doesNotContainKey(linger);
  }

  private static long cache(Map<String, String> settings, int partitions) throws Exception {
    return Long.parseLong(String.valueOf(properties(settings, partitions).get(CACHE)));
  }

  private static Properties properties(Map<String, String> settings, int partitions)
      throws ConfigException {
    return StreamsProperties.of(
        Settings.of(settings),
        new Application("phistream", new Topology(), true),
        partitions,
        1,
        Path.of("state"));
  }
}
