package dev.phistream.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FaultPlanTest {
  @Test
  void a_seed_gives_the_same_plan_again_and_another_seed_another() {
    FaultPlan plan = FaultPlan.of(7, 50, 20_000);

    assertThat(FaultPlan.of(7, 50, 20_000)).isEqualTo(plan);
    assertThat(FaultPlan.of(8, 50, 20_000)).isNotEqualTo(plan);
  }

  @Test
  void slices_add_up_and_each_kind_occurs() {
    FaultPlan plan = FaultPlan.of(1, 51, 20_000);

    assertThat(plan.steps()).hasSize(51);
    assertThat(plan.steps().stream().mapToInt(FaultPlan.Step::events).sum()).isEqualTo(20_000);
    assertThat(plan.steps()).extracting(FaultPlan.Step::kind).contains(FaultKind.values());
  }

  @Test
  void there_are_never_no_instances_and_never_too_many() {
    for (long seed = 0; seed < 100; seed++) {
      int instances = FaultPlan.FIRST_INSTANCES;
      for (FaultPlan.Step step : FaultPlan.of(seed, 60, 600).steps()) {
        instances += step.kind() == FaultKind.ADD ? 1 : step.kind() == FaultKind.REMOVE ? -1 : 0;
        assertThat(instances).isBetween(1, FaultPlan.MOST_INSTANCES);
      }
    }
  }
}
