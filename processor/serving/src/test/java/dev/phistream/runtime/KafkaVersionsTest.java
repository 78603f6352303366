package dev.phistream.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phistream.kafka.ClusterException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KafkaVersionsTest {
  @Test
  void the_libraries_of_this_build_are_found_and_fit() throws Exception {
    KafkaVersions found = KafkaVersions.onClassPath();

    assertThat(found.clients()).startsWith(KafkaVersions.NEEDED).isEqualTo(found.streams());
    found.check();
  }

  @ParameterizedTest
  @CsvSource({"4.4.0", "4.4.1", "4.10.0", "5.0.0", "4.5.0-SNAPSHOT"})
  void this_version_and_later_ones_fit(String version) {
    assertThatCode(new KafkaVersions(version, version)::check).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({"3.9.1,3.9.1", "4.1.0,4.1.0", "4.4.0,4.3.1", "4.1.0,4.4.0", ",4.4.0", "odd,odd"})
  void what_a_framework_brings_is_refused_by_name(
      @Nullable String clients, @Nullable String streams) {
    assertThatThrownBy(new KafkaVersions(clients, streams)::check)
        .isInstanceOf(ClusterException.class)
        .hasMessageContaining("expected: one version, 4.4 or later");
  }
}
