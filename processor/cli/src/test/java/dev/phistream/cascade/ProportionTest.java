package dev.phistream.cascade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProportionTest {
  @ParameterizedTest
  @CsvSource({
    // 1 - 0.025^(1/43) and its mirror image
    "0, 43, 0, 0.0822087",
    "43, 43, 0.9177913, 1",
    // Clopper and Pearson's own table, 10 observations
    "1, 10, 0.0025286, 0.4450161",
    "5, 10, 0.1870860, 0.8129140",
    // 1/81 of 40 and more: R's binom.test(81, 263)
    "81, 263, 0.2527163, 0.3676599",
  })
  void the_interval_is_the_exact_one(long count, long of, double low, double high) {
    Proportion proportion = new Proportion(count, of);

    assertThat(proportion.low()).isCloseTo(low, within(1e-4));
    assertThat(proportion.high()).isCloseTo(high, within(1e-4));
  }

  @Test
  void of_many_observations_it_is_near_two_standard_errors() {
    Proportion proportion = new Proportion(7_800, 10_000);

    assertThat(proportion.high() - proportion.share()).isCloseTo(0.0081, within(3e-4));
  }

  @Test
  void it_covers_the_truth_as_often_as_it_says() {
    Random random = new Random(1);
    int covered = 0;
    for (int run = 0; run < 1000; run++) {
      long count = random.doubles(43).filter(each -> each < 0.97).count();
      Proportion proportion = new Proportion(count, 43);
      covered += proportion.low() <= 0.97 && 0.97 <= proportion.high() ? 1 : 0;
    }

    assertThat(covered).isGreaterThanOrEqualTo(940);
  }

  @Test
  void more_than_all_is_refused() {
    assertThatThrownBy(() -> new Proportion(3, 2))
        .hasMessage("count, of: 3, 2 (expected: 0 <= count <= of, of >= 1)");
  }
}
