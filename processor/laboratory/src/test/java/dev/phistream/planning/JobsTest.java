package dev.phistream.planning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How the jobs of a simulation share its cores. */
class JobsTest {
  private static final double MILLI = 1e6;

  private final Map<String, Double> ended = new LinkedHashMap<>();
  private double now;

  @Test
  void work_on_a_core_of_its_own_takes_no_longer_than_it_is() {
    Jobs jobs = new Jobs(2);
    work(jobs, "long", 3);
    work(jobs, "short", 1);

    playOut(jobs);

    assertThat(ended).containsExactly(Map.entry("short", 1.0), Map.entry("long", 3.0));
    assertThat(jobs.coreNanos()).isCloseTo(4 * MILLI, within(1.0));
  }

  @Test
  void work_on_the_same_core_shares_it() {
    Jobs jobs = new Jobs(1);
    work(jobs, "long", 3);
    work(jobs, "short", 1);

    playOut(jobs);

    assertThat(ended).containsExactly(Map.entry("short", 2.0), Map.entry("long", 4.0));
    assertThat(jobs.coreNanos()).isCloseTo(4 * MILLI, within(1.0));
  }

  @Test
  void a_pause_needs_no_core() {
    Jobs jobs = new Jobs(1);
    work(jobs, "work", 3);
    jobs.pause(2 * MILLI, () -> ended.put("pause", now));

    playOut(jobs);

    assertThat(ended).containsExactly(Map.entry("pause", 2.0), Map.entry("work", 3.0));
    assertThat(jobs.coreNanos()).isCloseTo(3 * MILLI, within(1.0));
  }

  @Test
  void an_idle_core_takes_over_anothers_work_but_not_before_its_clock_ticks() {
    Jobs jobs = new Jobs(2);
    work(jobs, "first", 10);
    work(jobs, "second", 10);
    work(jobs, "third", 10);

    playOut(jobs);

    // One is alone and ends after 10 ms. The others have 5 left each; up to 4 later they part.
    assertThat(ended.values().stream().toList().get(0)).isCloseTo(10, within(0.01));
    assertThat(last()).isGreaterThan(15).isLessThan(17.01);
  }

  @Test
  void work_that_begins_while_a_core_is_idle_gets_that_core() {
    Jobs jobs = new Jobs(2);
    work(jobs, "first", 10);
    work(jobs, "second", 1);
    jobs.pause(2 * MILLI, () -> work(jobs, "later", 1));

    playOut(jobs);

    assertThat(ended)
        .containsExactly(
            Map.entry("second", 1.0), Map.entry("later", 3.0), Map.entry("first", 10.0));
  }

  private void work(Jobs jobs, String name, double millis) {
    jobs.work(millis * MILLI, () -> ended.put(name, now));
  }

  private double last() {
    return ended.values().stream().mapToDouble(at -> at).max().orElseThrow();
  }

  private void playOut(Jobs jobs) {
    while (jobs.untilNext() != Jobs.NEVER) {
      long passed = jobs.untilNext();
      jobs.pass(passed);
      now += passed / MILLI;
      jobs.endNext();
    }
  }
}
