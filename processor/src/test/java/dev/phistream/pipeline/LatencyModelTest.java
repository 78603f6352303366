package dev.phistream.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LatencyModelTest {
  private final LatencyModel latency = new LatencyModel();

  @Test
  void a_variant_that_has_not_answered_is_expected_at_once() {
    assertThat(latency.estimate("small")).isZero();
  }

  @Test
  void the_first_answer_is_the_estimate() {
    latency.observe("small", Duration.ofMillis(100));

    assertThat(latency.estimate("small")).isEqualTo(Duration.ofMillis(100));
    assertThat(latency.estimate("large")).isZero();
  }

  @Test
  void a_new_answer_makes_up_a_tenth() {
    latency.observe("small", Duration.ofMillis(100));
    latency.observe("small", Duration.ofMillis(200));

    assertThat(latency.estimate("small")).isEqualTo(Duration.ofMillis(110));
  }

  @Test
  void the_estimate_follows_a_lasting_change() {
    latency.observe("small", Duration.ofMillis(100));
    for (int i = 0; i < 100; i++) {
      latency.observe("small", Duration.ofMillis(10));
    }

    assertThat(latency.estimate("small")).isBetween(Duration.ofMillis(10), Duration.ofMillis(11));
  }
}
