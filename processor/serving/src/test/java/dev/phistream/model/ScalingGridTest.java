package dev.phistream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class ScalingGridTest {
  @Test
  void the_constants_of_the_paper_are_among_the_candidates() {
    assertThat(new ScalingGrid(0.05, 0.1).candidates(224))
        .anySatisfy(
            candidate -> {
              assertThat(candidate.alpha()).isEqualTo(1.2, offset(1e-12));
              assertThat(candidate.beta()).isEqualTo(1.1, offset(1e-12));
              assertThat(candidate.gamma()).isEqualTo(1.15, offset(1e-12));
            });
  }

  @Test
  void a_coarse_grid_can_be_counted_by_hand() {
    // 1.96 twice, 2.016 twice, 2.0736 and 2.
    assertThat(new ScalingGrid(0.2, 0.1).candidates(224).stream().map(CompoundScaling::growth))
        .usingElementComparator(
            (one, other) -> Math.abs(one - other) < 1e-6 ? 0 : Double.compare(one, other))
        .containsExactlyInAnyOrder(1.96, 1.96, 2.016, 2.016, 2.0736, 2.0);
  }

  @Property(tries = 50)
  void every_candidate_keeps_the_constraint(
      @ForAll @DoubleRange(min = 0.05, max = 1) double step,
      @ForAll @DoubleRange(min = 0, max = 0.9) double tolerance) {
    assertThat(new ScalingGrid(step, tolerance).candidates(100))
        .allSatisfy(
            candidate -> {
              assertThat(candidate.growth()).isEqualTo(2, offset(tolerance + 1e-6));
              assertThat(Math.min(candidate.beta(), candidate.gamma())).isGreaterThanOrEqualTo(1);
              assertThat(candidate.baseResolution()).isEqualTo(100);
            });
  }

  @Test
  void a_base_that_is_scaled_already_is_scaled_on() {
    Scaling scaling = new CompoundScaling(1.5, 1.2, 1.1, 40).at(2, new Scaling(0.25, 0.5, 40));

    assertThat(scaling.width()).isEqualTo(0.36, offset(1e-9));
    assertThat(scaling.depth()).isEqualTo(1.125, offset(1e-9));
    assertThat(scaling.resolution()).isEqualTo(48);
  }

  @Test
  void impossible_grids_are_refused() {
    assertThatThrownBy(() -> new ScalingGrid(0, 0.1)).hasMessage("step: 0.0 (expected: 0.01 to 1)");
    assertThatThrownBy(() -> new ScalingGrid(0.1, 1))
        .hasMessage("tolerance: 1.0 (expected: from 0 to below 1)");
  }
}
