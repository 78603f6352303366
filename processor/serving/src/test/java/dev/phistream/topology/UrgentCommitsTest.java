package dev.phistream.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

class UrgentCommitsTest {
  private static final Duration OBJECTIVE = Duration.ofMillis(100);

  private final UrgentCommits commits = new UrgentCommits();

  @Test
  void a_result_that_comes_alone_asks_for_a_commit_at_once() {
    commits.sent(OBJECTIVE);

    assertThat(commits.take(5_000)).isTrue();
  }

  @Test
  void nothing_is_asked_for_when_no_result_was_sent_since() {
    assertThat(commits.take(5_000)).isFalse();
    commits.sent(OBJECTIVE);
    commits.take(5_000);

    assertThat(commits.take(6_000)).isFalse();
  }

  @Test
  void results_without_an_objective_wait_for_the_interval() {
    commits.sent(null);

    assertThat(commits.take(5_000)).isFalse();
  }

  @Test
  void a_task_that_has_nothing_left_in_flight_asks_four_times_a_second_at_most() {
    commits.idle();
    commits.take(5_000);
    commits.idle();

    assertThat(commits.take(5_249)).isFalse();
    assertThat(commits.take(5_250)).isTrue();
  }

  @Test
  void under_load_commits_are_a_quarter_of_the_strictest_objective_apart() {
    commits.sent(OBJECTIVE);
    commits.take(5_000);
    commits.sent(Duration.ofSeconds(10));
    commits.sent(OBJECTIVE);
    commits.sent(Duration.ofSeconds(1));

    assertThat(commits.take(5_024)).isFalse();
    assertThat(commits.take(5_025)).isTrue();
  }

  @Test
  void however_short_an_objective_is_commits_leave_time_for_work() {
    commits.sent(OBJECTIVE);
    commits.take(5_000);
    commits.sent(Duration.ofMillis(1));

    assertThat(commits.take(5_019)).isFalse();
    assertThat(commits.take(5_020)).isTrue();
  }

  @Test
  void a_clock_that_is_set_back_holds_nothing_up() {
    commits.sent(OBJECTIVE);
    commits.take(5_000_000);
    commits.sent(OBJECTIVE);

    assertThat(commits.take(1_000_000)).isTrue();
  }

  @Test
  void exactly_once_a_result_with_an_objective_has_the_task_commit() {
    SimulatedTask task = task(StreamsConfig.EXACTLY_ONCE_V2);
    task.take();
    task.answer();

    assertThat(task.wantsCommit()).isTrue();
  }

  @Test
  void exactly_once_a_result_without_an_objective_does_not_while_others_are_in_flight() {
    SimulatedTask task = task(StreamsConfig.EXACTLY_ONCE_V2);
    task.take("accuracy");
    task.take("accuracy");
    task.answer();

    assertThat(task.wantsCommit()).isFalse();
  }

  @Test
  void exactly_once_the_last_result_in_flight_has_the_task_commit() {
    SimulatedTask task = task(StreamsConfig.EXACTLY_ONCE_V2);
    task.take("accuracy");
    task.take("accuracy");
    task.answer();
    task.answer();

    assertThat(task.wantsCommit()).isTrue();
  }

  @Test
  void at_least_once_nobody_waits_for_commits() {
    SimulatedTask task = task(StreamsConfig.AT_LEAST_ONCE);
    task.take();
    task.answer();

    assertThat(task.wantsCommit()).isFalse();
  }

  private static SimulatedTask task(String guarantee) {
    return new SimulatedTask(new SimulatedPartition(2), guarantee, 1, 4);
  }
}
