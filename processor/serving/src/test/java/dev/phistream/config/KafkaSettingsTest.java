package dev.phistream.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kafka's own settings: their names, their values, and whom they reach. */
class KafkaSettingsTest {
  @Test
  void settings_with_a_prefix_reach_the_clients_they_name() throws Exception {
    KafkaSettings kafka =
        Settings.of(
                Map.of(
                    "kafka.security.protocol", "SSL",
                    "kafka.admin.request.timeout.ms", "5000",
                    "kafka.producer.linger.ms", "7",
                    "kafka.consumer.fetch.min.bytes", "8",
                    "kafka.main.consumer.fetch.min.bytes", "9"))
            .kafka();

    assertThat(kafka.of(KafkaClient.ADMIN))
        .containsEntry("security.protocol", "SSL")
        .containsEntry("request.timeout.ms", "5000")
        .doesNotContainKeys("linger.ms", "fetch.min.bytes");
    assertThat(kafka.of(KafkaClient.PRODUCER))
        .containsEntry("security.protocol", "SSL")
        .containsEntry("linger.ms", "7");
    assertThat(kafka.of(KafkaClient.CONSUMER)).containsEntry("fetch.min.bytes", "8");
    assertThat(kafka.of(KafkaClient.MAIN_CONSUMER)).containsEntry("fetch.min.bytes", "9");
  }

  @Test
  void settings_without_a_prefix_reach_the_clients_that_know_them() throws Exception {
    KafkaSettings kafka =
        Settings.of(Map.of("kafka.linger.ms", "7", "kafka.my.interceptor.level", "2")).kafka();

    assertThat(kafka.of(KafkaClient.PRODUCER))
        .containsEntry("linger.ms", "7")
        .containsEntry("my.interceptor.level", "2");
    assertThat(kafka.of(KafkaClient.ADMIN))
        .doesNotContainKey("linger.ms")
        .containsEntry("my.interceptor.level", "2");
  }

  @ParameterizedTest
  @CsvSource({
    "kafka.comit.interval.ms, kafka.commit.interval.ms",
    "kafka.producer.lingr.ms, kafka.producer.linger.ms",
    "kafka.topic.retentoin.ms, kafka.topic.retention.ms",
  })
  void a_name_that_kafka_does_not_know_is_a_warning_with_the_nearest_name(
      String wrong, String right) throws Exception {
    assertThat(Settings.of(Map.of(wrong, "500")).provenance().warnings())
        .containsExactly(
            "%s: 500 (expected: a name that Kafka knows, perhaps %s; set by the program)"
                .formatted(wrong, right));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "security.protocol | NOPE | String must be one of",
        "commit.interval.ms | soon | Not a number of type LONG",
        "consumer.fetch.min.bytes | -1 | Value must be at least",
        "admin.request.timeout.ms | x | Not a number of type INT",
        "topic.retention.ms | x | Not a number of type LONG",
        "topic.cleanup.policy | keep | String must be one of: compact, delete",
        "processing.guarantee | most_once | String must be one of",
        "ssl.truststore.location | /nowhere | a readable file",
        "admin.ssl.keystore.location | /nowhere | a readable file",
        "bootstrap.servers | a:1 | not set; bootstrap names the brokers",
        "num.stream.threads | 2 | not set; stream-threads says how many threads there are",
        "main.consumer.group.instance.id | a | not set; instance-id names an instance",
        "consumer.max.poll.records | 500 | not set; window.events says",
        "default.production.exception.handler | C | not set, because skipping records",
      })
  void a_value_that_cannot_be_is_refused(String name, String value, String expected) {
    assertThatThrownBy(() -> Settings.of(Map.of("kafka." + name, value)))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("kafka.%s: %s (expected: %s".formatted(name, value, expected))
        .hasMessageEndingWith("; set by the program)");
  }

  @Test
  void a_login_module_and_stores_that_can_be_are_accepted(@TempDir Path directory)
      throws Exception {
    Path store = Files.createFile(directory.resolve("truststore.jks"));

    assertThat(
            Settings.of(
                    Map.of(
                        "kafka.security.protocol",
                        "sasl_ssl",
                        "kafka.ssl.truststore.location",
                        store.toString(),
                        "kafka.sasl.jaas.config",
                        "org.apache.kafka.common.security.plain.PlainLoginModule required"
                            + " username=\"u\" password=\"p\";"))
                .provenance()
                .warnings())
        .isEmpty();
  }

  @Test
  void variables_name_settings_of_kafka_whatever_stands_between_their_words() throws Exception {
    assertThat(
            new SettingsLoader()
                .withEnvironment(
                    Map.of(
                        "PHISTREAM_KAFKA_SECURITY_PROTOCOL", "SSL",
                        "PHISTREAM_KAFKA_MAIN_CONSUMER_FETCH_MIN_BYTES", "9",
                        "PHISTREAM_KAFKA_RACK_AWARE_ASSIGNMENT_NON_OVERLAP_COST", "1"))
                .load()
                .kafka()
                .properties())
        .containsOnlyKeys(
            "security.protocol",
            "main.consumer.fetch.min.bytes",
            "rack.aware.assignment.non_overlap_cost");
  }

  @Test
  void all_wrong_values_are_reported_together() {
    assertThatThrownBy(
            () ->
                Settings.of(
                    Map.of("kafka.security.protocol", "NOPE", "kafka.commit.interval.ms", "soon")))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e ->
                assertThat(e.problems())
                    .extracting(Problem::name)
                    .isEqualTo(List.of("kafka.commit.interval.ms", "kafka.security.protocol")));
  }
}
