package dev.phistream.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.phistream.event.Tier;
import dev.phistream.trial.Trial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsLoaderTest {
  @TempDir Path directory;

  @Test
  void everything_has_a_default() throws Exception {
    Settings config = Settings.of(Map.of());

    assertThat(config.topics().labels()).isEqualTo("labels.{tier}");
    assertThat(config.tiers().defaultTier()).isEqualTo(Tier.BALANCED);
    assertThat(config.tiers().latency().maxDelay()).isEqualTo(Duration.ofMillis(2));
    assertThat(config.window().bytes()).isEqualTo(new DataSize(64 << 20));
    assertThat(config.kafka().properties()).isEmpty();
  }

  @Test
  void tiers_have_objectives_that_can_be_taken_away() throws Exception {
    Settings config = Settings.of(Map.of());
    Settings without = Settings.of(Map.of("tiers.latency.objective", ""));

    assertThat(config.tiers().latency().objective()).contains(Duration.ofMillis(100));
    assertThat(config.tiers().accuracy().objective()).isEmpty();
    assertThat(without.tiers().latency().objective()).isEmpty();
  }

  @Test
  void a_call_of_a_device_may_take_six_seconds_unless_told_otherwise() throws Exception {
    assertThat(Settings.of(Map.of()).callLimit()).isEqualTo(Duration.ofSeconds(6));
    assertThat(Settings.of(Map.of("watchdog.timeout", "60s")).callLimit())
        .isEqualTo(Duration.ofSeconds(60));
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

    Settings config =
        new SettingsLoader()
            .withFile(file)
            .withEnvironment(
                Map.of(
                    "PHISTREAM_WINDOW_EVENTS", "12", "PHISTREAM_BATCH_MAX_SIZE", "22", "HOME", "/"))
            .withOption("--set", "batch.max-size", "23")
            .load();

    assertThat(config.topK()).isEqualTo(1);
    assertThat(config.window().events()).isEqualTo(12);
    assertThat(config.batch().maxSize()).isEqualTo(23);
    assertThat(config.tiers().latency().variants()).contains(List.of("b0", "b1"));
    assertThat(config.kafka().properties()).containsEntry("commit.interval.ms", "500");
  }

  @Test
  void problems_of_all_sources_are_reported_together_with_where_they_were_set() throws Exception {
    Path file = write("top-k: 0\nimages:\n  max-bytes: 3GB\n");

    assertThatThrownBy(
            () ->
                new SettingsLoader()
                    .withFile(file)
                    .withEnvironment(Map.of("PHISTREAM_BATCH_MAX_SIZE", "0"))
                    .withOption("--set", "window.events", "many")
                    .load())
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            """
            top-k: 0 (expected: a whole number, 1 to 100000; set in FILE:1)
            batch.max-size: 0 (expected: a whole number, 1 to 4096; set by variable PHISTREAM_BATCH_MAX_SIZE)
            window.events: many (expected: a whole number, 1 to 1000000; set by option --set)
            images.max-bytes: 3GB (expected: a size such as 512kB or 32MB, 1 to 2047MB; set in FILE:3)\
            """
                .replace("FILE", file.toString()));
  }

  @Test
  void a_later_source_that_is_right_overrules_one_that_is_wrong() throws Exception {
    assertThat(
            new SettingsLoader()
                .withEnvironment(Map.of("PHISTREAM_TOP_K", "many"))
                .withOption("--set", "top-k", "3")
                .load()
                .topK())
        .isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({
    "windw.events, window.events",
    "windows.events, window.events",
    "window.evnets, window.events",
    "images.maxBytes, images.max-bytes",
    "max-size, batch.max-size",
    "topk, top-k",
    "trials.next.compare, trials.next.compare-share",
  })
  void a_misspelt_name_is_refused_with_the_nearest_right_one(String wrong, String right) {
    assertRefused(
        Map.of(wrong, "5"),
        "%s: 5 (expected: a known setting, perhaps %s; set by the program)"
            .formatted(wrong, right));
  }

  @Test
  void a_name_that_is_near_to_nothing_is_refused_with_the_page_of_all_names() {
    assertRefused(
        Map.of("colour", "red"),
        "colour: red (expected: a known setting, which docs/configuration.md lists; set by the"
            + " program)");
  }

  @Test
  void a_misspelt_variable_is_refused_with_the_nearest_right_one() {
    assertThatThrownBy(() -> environment(Map.of("PHISTREAM_WINDOWS_EVENTS", "5")))
        .hasMessage(
            "PHISTREAM_WINDOWS_EVENTS: 5 (expected: a variable of a setting, perhaps"
                + " PHISTREAM_WINDOW_EVENTS)");
  }

  @Test
  void variables_that_kubernetes_makes_of_services_are_no_settings() throws Exception {
    Settings settings =
        environment(
            Map.of(
                "PHISTREAM_METRICS_PORT", "tcp://10.0.0.1:9404",
                "PHISTREAM_METRICS_SERVICE_HOST", "10.0.0.1",
                "PHISTREAM_METRICS_SERVICE_PORT", "9404",
                "PHISTREAM_METRICS_SERVICE_PORT_HTTP", "9404",
                "PHISTREAM_METRICS_PORT_9404_TCP", "tcp://10.0.0.1:9404",
                "PHISTREAM_METRICS_PORT_9404_TCP_PROTO", "tcp",
                "PHISTREAM_KAFKA_SERVICE_HOST", "10.0.0.2",
                "PHISTREAM_PORT", "udp://10.0.0.1:53"));

    assertThat(settings).isEqualTo(environment(Map.of()));
  }

  @Test
  void a_variable_of_a_port_that_is_a_number_is_a_setting() throws Exception {
    assertThat(environment(Map.of("PHISTREAM_METRICS_PORT", "9404")).metrics().port())
        .hasValue(9404);
  }

  @Test
  void a_variable_may_name_a_variant_with_a_hyphen() throws Exception {
    assertThat(environment(Map.of("PHISTREAM_ROUTER_EXPECTED_PHI_7", "40ms")).router().expected())
        .containsExactly(entry("phi-7", Duration.ofMillis(40)));
  }

  @Test
  void a_variable_names_a_key_as_other_settings_spell_it() throws Exception {
    assertThat(
            new SettingsLoader()
                .withEnvironment(Map.of("PHISTREAM_ROUTER_EXPECTED_MY_NET_B0", "40ms"))
                .withValues(Map.of("tiers.latency.variants", "My_Net.b0,phi-7"))
                .load()
                .router()
                .expected())
        .containsOnlyKeys("My_Net.b0");
  }

  @Test
  void a_trial_may_be_set_by_variables() throws Exception {
    Settings settings =
        environment(
            Map.of(
                "PHISTREAM_TRIALS_NEXT_B0_KIND", "canary",
                "PHISTREAM_TRIALS_NEXT_B0_VARIANT", "b0",
                "PHISTREAM_TRIALS_NEXT_B0_MODEL", "b0-new",
                "PHISTREAM_TRIALS_NEXT_B0_SHARE", "0.5",
                "PHISTREAM_TRIALS_NEXT_B0_COMPARE_SHARE", "0.1"));

    assertThat(settings.trials())
        .containsExactly(
            entry(
                "next-b0",
                new Settings.TrialSettings(Trial.Kind.CANARY, "b0", "b0-new", 0.5, 0.1)));
  }

  @Test
  void what_a_trial_lacks_is_named() {
    assertRefused(
        Map.of("trials.next.kind", "shadow", "trials.next.share", "0.1", "trials.next.model", "m"),
        "trials.next.variant: missing (expected: a text; set by the program)");
  }

  @Test
  void a_key_that_cannot_be_is_refused() {
    assertRefused(
        Map.of("trials.Next.kind", "shadow"),
        "trials.Next.kind: shadow (expected: trials.NAME.kind for NAME: a name of 1 to 63"
            + " lower-case letters, digits and hyphens; set by the program)");
  }

  @Test
  void placeholders_stand_for_variables_and_files() throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), "geheim\n");
    Settings settings =
        new SettingsLoader()
            .withEnvironment(Map.of("TOPIC", "camera"))
            .withValues(
                Map.of(
                    "topics.input", "${TOPIC}.images",
                    "topics.dead-letters", "${OTHER:-dead}",
                    "application-id", "${TOPIC}",
                    "kafka.ssl.keystore.password", "${file:" + secret + "}",
                    "kafka.ssl.key.password", "a$${b}"))
            .load();

    assertThat(settings.topics().input()).isEqualTo("camera.images");
    assertThat(settings.topics().deadLetters()).isEqualTo("dead");
    assertThat(settings.kafka().properties())
        .containsEntry("ssl.keystore.password", "geheim")
        .containsEntry("ssl.key.password", "a${b}");
  }

  @Test
  void placeholders_that_stand_for_nothing_are_refused() {
    assertRefused(
        Map.of("topics.input", "${NOBODY}"),
        "topics.input: ${NOBODY} (expected: variable NOBODY to be set; set by the program)");
    assertRefused(
        Map.of("topics.input", "${file:/nowhere}"),
        "topics.input: ${file:/nowhere} (expected: a readable text file at /nowhere; set by the"
            + " program)");
    assertRefused(
        Map.of("topics.input", "${NOBODY"),
        "topics.input: ${NOBODY (expected: a } after ${, or $${ for ${ itself; set by the"
            + " program)");
  }

  @Test
  void placeholders_that_kafka_replaces_itself_stay() throws Exception {
    assertThat(
            Settings.of(
                    Map.of(
                        "kafka.config.providers", "file",
                        "kafka.config.providers.file.class", "C",
                        "kafka.ssl.key.password", "${file:/run/kafka.properties:key}"))
                .kafka()
                .properties())
        .containsEntry("ssl.key.password", "${file:/run/kafka.properties:key}");
  }

  @Test
  void secrets_are_masked() {
    assertRefused(
        Map.of("schema-registry.url", "http://user:ge^he/im@registry/x"),
        "schema-registry.url: http://user:***@registry/x (expected: an address such as"
            + " http://registry:8080/apis/registry/v3; write special characters of a password as"
            + " %40; set by the program)");
    assertThatThrownBy(() -> Settings.of(Map.of("kafka.sasl.jaas.config", "no module geheim")))
        .hasMessageStartingWith("kafka.sasl.jaas.config: *** (expected: a login module")
        .hasMessageNotContaining("geheim");
  }

  @Test
  void a_file_that_is_no_yaml_is_named_with_the_line() throws Exception {
    Path file = write("top-k: 5\nwindow: [\n");

    assertThatThrownBy(() -> new SettingsLoader().withFile(file).load())
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(file + ":3: ");
  }

  @Test
  void a_setting_that_stands_twice_in_a_file_is_refused() throws Exception {
    Path file = write("window.events: 5\nwindow:\n  events: 6\n");

    assertThatThrownBy(() -> new SettingsLoader().withFile(file).load())
        .hasMessage(
            "%s:3: window.events a second time (expected: once; set in %s:1)"
                .formatted(file, file));
  }

  @Test
  void a_group_may_be_empty_but_has_no_value() throws Exception {
    assertThat(new SettingsLoader().withFile(write("window:\n  # events: 5\n")).load().window())
        .isEqualTo(Settings.of(Map.of()).window());
    assertRefused(
        Map.of("window", "5"),
        "window: 5 (expected: settings below it, such as window.events; set by the program)");
  }

  @Test
  void a_missing_file_is_named() {
    Path file = directory.resolve("absent.yaml");

    assertThatThrownBy(() -> new SettingsLoader().withFile(file).load())
        .isInstanceOf(ConfigException.class)
        .hasMessage(file + ": no such file (expected: a YAML file)");
  }

  @Test
  void a_broker_that_no_name_server_knows_is_refused_where_brokers_are_talked_to()
      throws Exception {
    SettingsLoader loader =
        new SettingsLoader().withOption("--bootstrap", "bootstrap", "nowhere.invalid:9092");

    assertThat(loader.load().bootstrap()).isEqualTo("nowhere.invalid:9092");
    assertThatThrownBy(() -> loader.connecting().load())
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "bootstrap: nowhere.invalid:9092 (expected: a host that is known here; set by option"
                + " --bootstrap)");
  }

  @Test
  void lists_may_hold_commas() throws Exception {
    Path file = write("references:\n  allowed-directories: ['/a,b', /c]\n");

    assertThat(new SettingsLoader().withFile(file).load().references().allowedDirectories())
        .contains(List.of(Path.of("/a,b"), Path.of("/c")));
  }

  private Path write(String text) throws IOException {
    return Files.writeString(directory.resolve("phistream.yaml"), text);
  }

  private static Settings environment(Map<String, String> variables) throws ConfigException {
    return new SettingsLoader().withEnvironment(variables).load();
  }

  private static void assertRefused(Map<String, String> values, String message) {
    assertThatThrownBy(() -> Settings.of(values))
        .isInstanceOf(ConfigException.class)
        .hasMessage(message);
  }
}
