package dev.phistream.model;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HalfFloatTest {
  private static final int INFINITY = 0x7c00;

  @Test
  void every_half_comes_back_from_its_float() {
    for (int bits = 0; bits <= 0xffff; bits++) {
      float value = HalfFloat.toFloat((short) bits);
      boolean isNaN = (bits & 0x7fff) > INFINITY;

      assertThat(Float.isNaN(value)).isEqualTo(isNaN);
      short back = HalfFloat.fromFloat(value);
      if (isNaN) {
        assertThat(HalfFloat.toFloat(back)).isNaN();
      } else {
        assertThat(back).as("%04x", bits).isEqualTo((short) bits);
      }
    }
  }

  /** IEEE 754-2019, table 3.5 and clause 3.4: 5 bits of exponent, biased by 15, 10 of fraction. */
  @Test
  void every_finite_half_has_the_value_of_its_bits() {
    for (int bits = 0; bits < INFINITY; bits++) {
      int exponent = bits >> 10;
      int fraction = bits & 0x3ff;
      double value =
          exponent == 0
              ? fraction * Math.pow(2, -24)
              : (1 + fraction / 1024.0) * Math.pow(2, exponent - 15);

      assertThat((double) HalfFloat.toFloat((short) bits)).isEqualTo(value);
      assertThat((double) HalfFloat.toFloat((short) (bits | 0x8000))).isEqualTo(-value);
    }
  }

  @Property
  void a_float_becomes_the_nearest_half(
      @ForAll @FloatRange(min = -65519, max = 65519) float value) {
    int bits = HalfFloat.fromFloat(value) & 0xffff;
    double error = Math.abs((double) HalfFloat.toFloat((short) bits) - value);

    for (int neighbour : new int[] {bits - 1, bits + 1}) {
      if ((neighbour & 0x7fff) < INFINITY && neighbour >= 0) {
        double others = Math.abs((double) HalfFloat.toFloat((short) neighbour) - value);
        assertThat(error).isLessThanOrEqualTo(others);
        if (error == others) {
          assertThat(bits & 1).as("the even one of two as near").isZero();
        }
      }
    }
  }

  @Test
  void halfway_between_any_two_halves_the_even_one_is_taken() {
    for (int bits = 0; bits < INFINITY - 1; bits++) {
      float low = HalfFloat.toFloat((short) bits);
      float high = HalfFloat.toFloat((short) (bits + 1));
      float middle = (float) (((double) low + high) / 2);

      assertThat(HalfFloat.fromFloat(middle)).isEqualTo((short) (bits + (bits & 1)));
      assertThat(HalfFloat.fromFloat(Math.nextUp(middle))).isEqualTo((short) (bits + 1));
      assertThat(HalfFloat.fromFloat(Math.nextDown(middle))).isEqualTo((short) bits);
    }
  }

  @ParameterizedTest
  @CsvSource({"65519.996, 65504", "65520, Infinity", "1e9, Infinity", "-65520, -Infinity"})
  void what_lies_beyond_the_largest_half_becomes_infinite(float value, float half) {
    assertThat(HalfFloat.toFloat(HalfFloat.fromFloat(value))).isEqualTo(half);
  }
}
