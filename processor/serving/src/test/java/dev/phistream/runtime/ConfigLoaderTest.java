package dev.phistream.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.streams.Topology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
  @TempDir Path directory;

  @Test
  void everything_has_a_default() throws Exception {
    ProcessorConfig config = ConfigLoader.load(null, Map.of(), Map.of());

    assertThat(config.topics().labels()).isEqualTo("labels.{tier}");
    assertThat(config.tiers().defaultTier()).isEqualTo("balanced");
    assertThat(config.tiers().latency().maxDelay()).isEqualTo(Duration.ofMillis(2));
    assertThat(config.window().bytes()).isEqualTo(new DataSize(64 << 20));
    assertThat(config.kafka()).isEmpty();
  }

  @Test
  void tiers_have_objectives_that_can_be_taken_away() throws Exception {
    ProcessorConfig config = ConfigLoader.load(null, Map.of(), Map.of());
    ProcessorConfig without =
        ConfigLoader.load(null, Map.of(), Map.of("tiers.latency.objective", ""));

    assertThat(config.tiers().latency().objective()).contains(Duration.ofMillis(100));
    assertThat(config.tiers().accuracy().objective()).isEmpty();
    assertThat(without.tiers().latency().objective()).isEmpty();
  }

  @Test
  void a_call_of_a_device_may_take_six_seconds_unless_told_otherwise() throws Exception {
    assertThat(callLimit(Map.of())).isEqualTo(Duration.ofSeconds(6));
    assertThat(callLimit(Map.of("watchdog.timeout", "60s"))).isEqualTo(Duration.ofSeconds(60));
    assertThatThrownBy(() -> callLimit(Map.of("watchdog.timeout", "0s")))
        .isInstanceOf(ConfigException.class);
  }

  @Test
  void at_least_once_results_do_not_linger_unless_told_to() throws Exception {
    String linger = "producer.linger.ms";

    assertThat(streams(Map.of("kafka.processing.guarantee", "at_least_once")))
        .containsEntry(linger, 1);
    assertThat(
            streams(
                Map.of(
                    "kafka.processing.guarantee", "at_least_once",
                    "kafka.producer.linger.ms", "20")))
        .containsEntry(linger, "20");
    // Nobody sees them before the commit, which sends what lingers.
    assertThat(streams(Map.of())).doesNotContainKey(linger);
  }

  private static Properties streams(Map<String, String> settings) throws ConfigException {
    return StreamsProperties.of(
        ConfigLoader.load(null, Map.of(), settings),
        new Application("phistream", new Topology(), true),
        1,
        1,
        Path.of("state"));
  }

  private static Duration callLimit(Map<String, String> settings) throws ConfigException {
    return StreamsProperties.callLimit(ConfigLoader.load(null, Map.of(), settings));
  }

  @Test
  void a_file_is_overruled_by_the_environment_and_that_by_the_command_line() throws Exception {
    Path file = directory.resolve("phistream.yaml");
    Files.writeString(
        file,
        """
        top-k: 1
        window:
          events: 11
        batch:
          max-size: 21
        tiers:
          latency:
            variants: [b0, b1]
        kafka:
          commit.interval.ms: 500
        """);

    ProcessorConfig config =
        ConfigLoader.load(
            file,
            Map.of("PHISTREAM_WINDOW_EVENTS", "12", "PHISTREAM_BATCH_MAX_SIZE", "22", "HOME", "/"),
            Map.of("batch.max-size", "23"));

    assertThat(config.topK()).isEqualTo(1);
    assertThat(config.window().events()).isEqualTo(12);
    assertThat(config.batch().maxSize()).isEqualTo(23);
    assertThat(config.tiers().latency().variants()).contains(List.of("b0", "b1"));
    assertThat(config.kafka()).containsEntry("commit.interval.ms", "500");
  }

  @Test
  void kafka_settings_pass_through_from_the_environment_and_the_command_line() throws Exception {
    ProcessorConfig config =
        ConfigLoader.load(
            null,
            Map.of("PHISTREAM_KAFKA_SECURITY_PROTOCOL", "SSL"),
            Map.of("kafka.commit.interval.ms", "500"));

    assertThat(config.kafka())
        .containsEntry("security.protocol", "SSL")
        .containsEntry("commit.interval.ms", "500");
  }

  @Test
  void an_unknown_setting_is_refused_by_name() {
    assertThatThrownBy(() -> ConfigLoader.load(null, Map.of(), Map.of("windw.events", "5")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("windw.events");
  }

  @Test
  void a_value_without_meaning_is_refused_with_what_was_expected() {
    assertThatThrownBy(
            () -> ConfigLoader.load(null, Map.of(), Map.of("tiers.latency.max-delay", "soon")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("soon (expected: a duration such as 5ms");
  }

  @Test
  void a_missing_file_is_named() {
    Path file = directory.resolve("absent.yaml");

    assertThatThrownBy(() -> ConfigLoader.load(file, Map.of(), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void sizes_are_read_and_written_with_units() {
    assertThat(DataSize.parse("512")).isEqualTo(new DataSize(512));
    assertThat(DataSize.parse("64kB")).isEqualTo(new DataSize(64 << 10)).hasToString("64 kB");
    assertThat(DataSize.parse("1536kB")).hasToString("1.5 MB");
    assertThatThrownBy(() -> DataSize.parse("many")).hasMessageContaining("many (expected: a size");
  }
}
