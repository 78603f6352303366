package dev.phistream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RoundedWeightsTest {
  @Test
  void weights_that_were_integers_before_lose_nothing() {
    float[] weights = {-97, 3, 41, 80, -12, 0, 7, 55, 96};
    for (int i = 0; i < weights.length; i++) {
      weights[i] *= 0.0371f;
    }

    float scale = RoundedWeights.scale(weights, 0, weights.length);

    assertThat(scale).isCloseTo(0.0371f, within(1e-6f));
  }

  @Test
  void no_weight_is_beyond_the_last_level() {
    float[] weights = {5, 0.011f, -7.77f, 3.3f};

    float scale = RoundedWeights.scale(weights, 1, 4);

    assertThat(Math.round(7.77f / scale)).isBetween(64, 127);
  }

  @Test
  void weights_that_are_all_zero_have_a_scale() {
    assertThat(RoundedWeights.scale(new float[9], 0, 9)).isPositive();
  }
}
