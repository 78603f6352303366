package dev.phistream.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FaultPlanTest {
  private static final Set<FaultKind> ALL = EnumSet.allOf(FaultKind.class);

  @Test
  void a_seed_gives_the_same_plan_again_and_another_seed_another() {
    FaultPlan plan = FaultPlan.of(7, 50, 20_000, ALL);

    assertThat(FaultPlan.of(7, 50, 20_000, ALL)).isEqualTo(plan);
    assertThat(FaultPlan.of(8, 50, 20_000, ALL)).isNotEqualTo(plan);
  }

  @Test
  void slices_add_up_and_each_kind_occurs() {
    FaultPlan plan = FaultPlan.of(1, 51, 20_000, ALL);

    assertThat(plan.steps()).hasSize(51);
    assertThat(plan.steps().stream().mapToInt(FaultPlan.Step::events).sum()).isEqualTo(20_000);
    assertThat(plan.steps()).extracting(FaultPlan.Step::kind).containsAll(ALL);
  }

  @Test
  void there_are_never_no_instances_and_never_too_many() {
    for (long seed = 0; seed < 100; seed++) {
      int instances = FaultPlan.FIRST_INSTANCES;
      for (FaultPlan.Step step : FaultPlan.of(seed, 60, 600, ALL).steps()) {
        instances += step.kind() == FaultKind.ADD ? 1 : step.kind() == FaultKind.REMOVE ? -1 : 0;
        assertThat(instances).isBetween(1, FaultPlan.MOST_INSTANCES);
      }
    }
  }

  @Test
  void a_broker_that_cannot_restart_is_left_alone() {
    assertThat(FaultPlan.of(1, 60, 600, FaultPlan.kinds(false)).steps())
        .extracting(FaultPlan.Step::kind)
        .doesNotContain(FaultKind.RESTART_BROKER);
  }
}
