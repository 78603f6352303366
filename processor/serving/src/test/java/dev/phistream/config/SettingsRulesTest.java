package dev.phistream.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What settings demand of each other. */
class SettingsRulesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "variants=phi-7 | variants: phi-7 (expected: empty unless role is classifier",
        "tiers.accuracy.shed=true | tiers.accuracy.shed: true (expected: false without"
            + " tiers.accuracy.objective",
        "gpu.tf32=true | gpu.tf32: true (expected: false with engine mxnet",
        "gpu.memory-limit=2GB | gpu.memory-limit: 2GB (expected: empty with engine mxnet",
        "topics.dead-letters=images | topics.dead-letters: images (expected: another topic than"
            + " topics.input",
        "topics.labels=images | topics.labels: images (expected: another topic than topics.input",
        "topics.input=labels.latency | topics.labels: labels.latency (expected: another topic than"
            + " topics.input",
        "images.decode-timeout=5m | images.decode-timeout: 5m (expected: less than 300s, which"
            + " window.answer-timeout allows in all",
        "references.timeout=5m | references.timeout: 5m (expected: less than 299500ms",
        "models=phi-7,phi-7 | models: phi-7,phi-7 (expected: a text, several with commas between,"
            + " each once",
      })
  void a_setting_that_another_one_forbids_is_refused(String settings, String message) {
    assertThatThrownBy(() -> Settings.of(parse(settings)))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void a_setting_is_not_held_to_one_that_is_wrong_itself() {
    assertThatThrownBy(() -> Settings.of(Map.of("role", "boss", "variants", "phi-7", "top-k", "0")))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e ->
                assertThat(e.problems())
                    .extracting(Problem::name)
                    .containsExactlyInAnyOrder("role", "top-k"));
  }

  private static Map<String, String> parse(String settings) {
    return Arrays.stream(settings.split(";"))
        .map(setting -> setting.split("=", 2))
        .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
  }
}
