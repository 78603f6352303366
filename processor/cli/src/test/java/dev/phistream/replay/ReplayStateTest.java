package dev.phistream.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplayStateTest {
  private static final ReplayPlan PLAN =
      Plans.of(
          new PartitionRange(0, 0, 10), new PartitionRange(1, 5, 5), new PartitionRange(2, 0, 3));

  private final ReplayState state = new ReplayState();

  @Test
  void the_first_plan_of_a_generation_counts() {
    ReplayPlan late = Plans.of(new PartitionRange(0, 0, 99));
    state.take(new JournalRecord.Planned(PLAN));
    state.take(new JournalRecord.Planned(late));

    assertThat(state.plan()).isEqualTo(PLAN);
  }

  @Test
  void it_is_finished_when_each_range_with_events_is_done() {
    state.take(new JournalRecord.Planned(PLAN));
    state.take(done(1, 0));
    assertThat(state.isFinished()).isFalse();

    state.take(done(1, 2));
    assertThat(state.isFinished()).isTrue();
  }

  @Test
  void a_new_generation_begins_anew_and_what_an_old_one_still_says_does_not_count() {
    state.take(new JournalRecord.Planned(PLAN));
    state.take(done(1, 0));
    state.take(new JournalRecord.Planned(PLAN.inGeneration(2)));
    state.take(done(1, 2));
    state.take(done(2, 0));

    assertThat(state.done()).containsOnlyKeys(0);
    assertThat(state.isFinished()).isFalse();
  }

  @Test
  void notices_come_back_as_they_were_written() throws IOException {
    JournalRecord planned = new JournalRecord.Planned(PLAN);
    JournalRecord done = done(1, 2);

    assertThat(JournalRecord.read(planned.bytes())).isEqualTo(planned);
    assertThat(JournalRecord.read(done.bytes())).isEqualTo(done);
  }

  @Test
  void reports_add_the_partitions_up() {
    ReplayReport report =
        ReplayReport.of(
            PLAN,
            List.of(
                new JournalRecord.PartitionDone(
                    1,
                    0,
                    1793_491_201_500L,
                    Map.of(
                        "read",
                        10L,
                        "labelled",
                        7L,
                        "dead/image-empty",
                        2L,
                        "skipped/source",
                        1L,
                        "changed/cat\tdog",
                        3L,
                        "same-label",
                        4L)),
                new JournalRecord.PartitionDone(
                    1,
                    2,
                    1793_491_200_000L,
                    Map.of("labelled", 3L, "changed/cat\tdog", 2L, "changed/ant\tbee", 1L))));

    assertThat(report.labelled()).isEqualTo(10);
    assertThat(report.deadLettersInAll()).isEqualTo(2);
    assertThat(report.skipped()).containsExactly(Map.entry("source", 1L));
    assertThat(report.changes())
        .containsExactly(
            new ReplayReport.Change("cat", "dog", 5), new ReplayReport.Change("ant", "bee", 1));
    assertThat(report.sameLabel()).isEqualTo(4);
    assertThat(report.seconds()).isEqualTo(1.5);
  }

  private static JournalRecord.PartitionDone done(int generation, int partition) {
    return new JournalRecord.PartitionDone(generation, partition, 1, Map.of("labelled", 3L));
  }
}
