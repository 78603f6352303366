package dev.phistream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;
import static org.assertj.core.data.Percentage.withPercentage;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScalingTest {
  /** Stem and head of B0 to B7 in TensorFlow's builder. */
  @ParameterizedTest
  @CsvSource({
    "1.0, 32, 1280",
    "1.1, 32, 1408",
    "1.2, 40, 1536",
    "1.4, 48, 1792",
    "1.6, 48, 2048",
    "1.8, 56, 2304",
    "2.0, 64, 2560",
  })
  void channels_are_those_of_the_published_networks(double width, int stem, int head) {
    Scaling scaling = new Scaling(width, 1, 224);

    assertThat(scaling.channels(32)).isEqualTo(stem);
    assertThat(scaling.channels(1280)).isEqualTo(head);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 8, 'never below 8'",
    "8, 8, 'exact'",
    "9, 16, '8 would be below 90 %'",
    "12, 16, 'a half rounds up'",
    "17, 16, 'down, by less than 10 %'",
    "19, 24, '16 would be below 90 %'",
  })
  void channels_round_to_eights_but_never_below_ninety_percent(int exact, int rounded, String why) {
    assertThat(new Scaling(1, 1, 1).channels(exact)).as(why).isEqualTo(rounded);
  }

  @Property
  void channels_are_a_multiple_of_eight_near_the_exact_number(
      @ForAll @IntRange(min = 1, max = 3000) int base,
      @ForAll @DoubleRange(min = 0.01, max = 5) double width) {
    double exact = base * width;

    int channels = new Scaling(width, 1, 1).channels(base);

    assertThat(channels % 8).isZero();
    assertThat((double) channels).isGreaterThanOrEqualTo(0.9 * exact).isLessThan(exact + 8);
  }

  @ParameterizedTest
  @CsvSource({"1, 1.0, 1", "1, 1.1, 2", "4, 3.1, 13", "3, 0.5, 2", "2, 0.5, 1", "1, 0.01, 1"})
  void repeats_round_up(int base, double depth, int repeats) {
    assertThat(new Scaling(1, depth, 1).repeats(base)).isEqualTo(repeats);
  }

  @Test
  void phi_zero_is_the_base_network() {
    assertThat(CompoundScaling.EFFICIENT_NET.at(0)).isEqualTo(new Scaling(1, 1, 224));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1.1, 1.2, 258",
    "2, 1.21, 1.44, 296",
    "-1, 0.9091, 0.8333, 195",
    "-8, 0.4665, 0.2326, 73",
  })
  void depth_width_and_resolution_grow_together(
      double phi, double width, double depth, int resolution) {
    Scaling scaling = CompoundScaling.EFFICIENT_NET.at(phi);

    assertThat(scaling.width()).isEqualTo(width, offset(1e-4));
    assertThat(scaling.depth()).isEqualTo(depth, offset(1e-4));
    assertThat(scaling.resolution()).isEqualTo(resolution);
  }

  @Test
  void each_step_of_phi_about_doubles_the_work() {
    // α·β²·γ² is 1.92; a repeat of 1 that becomes 2 at φ = 1 already shows how rounding adds to it.
    long before = work(0);
    for (int phi = 1; phi <= 7; phi++) {
      long after = work(phi);
      assertThat((double) after / before).as("φ = %d", phi).isBetween(1.4, 2.6);
      before = after;
    }
    assertThat((double) work(7) / work(0)).isCloseTo(Math.pow(2, 7), withPercentage(25));
  }

  @Test
  void a_negative_phi_makes_smaller_networks() {
    long before = work(0);
    for (int phi = -1; phi >= -10; phi--) {
      long after = work(phi);
      assertThat(after).as("φ = %d", phi).isLessThan(before);
      before = after;
    }
  }

  @Test
  void impossible_scalings_are_refused_by_name() {
    assertThatThrownBy(() -> new Scaling(0, 1, 1))
        .hasMessage("width, depth, resolution: 0.0, 1.0, 1 (expected: all > 0)");
    assertThatThrownBy(() -> new Scaling(Double.NaN, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new CompoundScaling(0.9, 1, 1, 224))
        .hasMessage("alpha, beta, gamma, baseResolution: 0.9, 1.0, 1.0, 224 (expected: all >= 1)");
  }

  private static long work(double phi) {
    return Architecture.EFFICIENT_NET.scaled(CompoundScaling.EFFICIENT_NET.at(phi), 1000).flops();
  }
}
