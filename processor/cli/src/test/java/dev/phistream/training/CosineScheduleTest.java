package dev.phistream.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import org.junit.jupiter.api.Test;

class CosineScheduleTest {
  private final CosineSchedule schedule = new CosineSchedule(0.1f, 1000);

  @Test
  void the_rate_rises_to_its_peak_in_a_twentieth_of_the_steps() {
    assertThat(schedule.getNewValue(0)).isCloseTo(0.002f, offset(1e-6f));
    assertThat(schedule.getNewValue(49)).isCloseTo(0.1f, offset(1e-6f));
  }

  @Test
  void then_it_falls_to_nothing() {
    assertThat(schedule.getNewValue(50 + 475)).isCloseTo(0.05f, offset(1e-6f));
    assertThat(schedule.getNewValue(1000)).isCloseTo(0, offset(1e-6f));
  }
}
