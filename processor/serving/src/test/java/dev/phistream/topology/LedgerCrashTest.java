package dev.phistream.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Deaths in the middle of a commit, and instances that wake when their task has a new owner. */
class LedgerCrashTest {
  private static final String AT_LEAST_ONCE = "at_least_once";
  private static final String EXACTLY_ONCE = "exactly_once_v2";
  private static final int WINDOW = 4;

  private long owners;

  @Test
  void whatever_part_of_a_commit_arrives_before_a_crash_nothing_is_lost() {
    assertThat(lostByCrashesWithin(this::answersOverACommit, AT_LEAST_ONCE)).isEmpty();
  }

  @Test
  void deleting_at_once_would_lose_events_if_results_arrived_apart_from_deletions() {
    assertThat(lostByCrashesWithin(this::answersOverACommit, EXACTLY_ONCE)).isNotEmpty();
  }

  @Test
  void an_instance_that_wakes_too_late_takes_nothing_from_the_new_owner() {
    assertThat(lostAfterAnInstanceWakes(this::nextOwner)).isEmpty();
  }

  @Test
  void slots_without_owners_would_lose_events_when_an_instance_wakes() {
    assertThat(lostAfterAnInstanceWakes(() -> 7)).isNotEmpty();
  }

  @Test
  void a_task_that_moves_in_order_repeats_nothing() {
    SimulatedPartition partition = new SimulatedPartition(10);
    SimulatedTask first = owner(partition, AT_LEAST_ONCE);
    answersOverACommit(first);
    first.closeInOrder();

    partition.finish(owner(partition, AT_LEAST_ONCE));

    assertThat(partition.results()).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
    assertThat(partition.changelog()).isEmpty();
  }

  @Test
  void an_answered_entry_is_deleted_right_after_the_commit_that_saw_its_result_arrive() {
    SimulatedPartition partition = new SimulatedPartition(2);
    SimulatedTask task = owner(partition, AT_LEAST_ONCE);
    task.take();
    task.commit();
    task.answer();
    task.flush();
    assertThat(partition.changelog()).hasSize(1);

    task.commit();
    task.arrive(task.changesUnderWay(), 0);

    assertThat(partition.changelog()).isEmpty();
  }

  @Test
  void what_is_answered_before_any_commit_never_costs_its_bytes() {
    SimulatedPartition partition = new SimulatedPartition(2);
    SimulatedTask task = owner(partition, AT_LEAST_ONCE);
    task.take();
    task.answer();
    task.take();
    task.answer();
    task.flushCache();

    assertThat(task.changesUnderWay()).as("a deletion of the one slot").isEqualTo(1);
  }

  @Test
  void events_that_await_their_deletion_take_no_room_in_the_window() {
    SimulatedPartition partition = new SimulatedPartition(3 * WINDOW);
    SimulatedTask task = owner(partition, AT_LEAST_ONCE);
    for (int i = 0; i < WINDOW; i++) {
      task.take();
    }
    task.commit();
    for (int i = 0; i < WINDOW; i++) {
      task.answer();
    }

    for (int i = 0; i < WINDOW; i++) {
      task.take();
    }

    assertThat(task.unanswered()).isEqualTo(WINDOW);
  }

  @Test
  void an_event_that_the_dead_had_entered_but_not_committed_is_answered_once() {
    SimulatedPartition partition = new SimulatedPartition(3);
    SimulatedTask first = owner(partition, AT_LEAST_ONCE);
    first.take();
    first.flush();

    partition.finish(owner(partition, AT_LEAST_ONCE));

    assertThat(partition.results()).containsExactly(0L, 1L, 2L);
  }

  @Test
  void draining_waits_for_deletions_and_asks_for_the_commit_that_allows_them() {
    SimulatedPartition partition = new SimulatedPartition(1);
    SimulatedTask task = owner(partition, AT_LEAST_ONCE);
    task.take();
    task.commit();
    assertThat(task.drain().drain(Duration.ZERO)).isFalse();

    task.answer();
    assertThat(task.wantsCommit()).isTrue();
    assertThat(task.drain().drain(Duration.ZERO)).isFalse();
    task.commit();
    task.tick();

    assertThat(task.drain().drain(Duration.ZERO)).isTrue();
    task.closeInOrder();
    assertThat(partition.changelog()).isEmpty();
  }

  @Property(tries = 500)
  void nothing_is_lost_whatever_happens_in_whatever_order(
      @ForAll("histories") List<Integer> history) {
    SimulatedPartition partition = new SimulatedPartition(12);
    List<SimulatedTask> paused = new ArrayList<>();
    SimulatedTask task = owner(partition, AT_LEAST_ONCE);
    for (int choice : history) {
      int much = choice / 16;
      switch (choice % 16) {
        case 0, 1, 2 -> takeIfRoom(task);
        case 3, 4, 5 -> task.answer();
        case 6, 7 -> task.commit();
        case 8 -> task.flush();
        case 9 -> task.flushCache();
        case 10 -> task.arrive(much, 0);
        case 11 -> task.arrive(0, much);
        case 12 -> task = owner(partition, AT_LEAST_ONCE); // the old one is dead
        case 13 -> {
          paused.add(task);
          task = owner(partition, AT_LEAST_ONCE);
        }
        case 14 -> {
          if (!paused.isEmpty()) {
            SimulatedTask woken = paused.remove(much % paused.size());
            takeIfRoom(woken);
            woken.answer();
            takeIfRoom(woken);
            woken.closeAsLost();
          }
        }
        default -> {
          task.closeInOrder();
          task = owner(partition, AT_LEAST_ONCE);
        }
      }
    }

    partition.finish(owner(partition, AT_LEAST_ONCE));

    assertThat(partition.lost()).isEmpty();
    assertThat(partition.changelog()).isEmpty();
  }

  @Provide
  Arbitrary<List<Integer>> histories() {
    return Arbitraries.integers().between(0, 16 * 6 - 1).list().ofMinSize(5).ofMaxSize(60);
  }

  /** Takes and answers so that every kind of entry takes part in the next commit. */
  private void answersOverACommit(SimulatedTask task) {
    task.take();
    task.take();
    task.take();
    task.answer(); // before any commit
    task.commit();
    task.answer(); // after one that holds it
    task.take();
    task.take();
    task.answer();
    task.answer();
  }

  private interface Script {
    void play(SimulatedTask task);
  }

  /** Offsets lost, over all crashes in which some records of a commit have arrived. */
  private List<Long> lostByCrashesWithin(Script script, String guarantee) {
    List<Long> lost = new ArrayList<>();
    int changes = 0;
    int results = 0;
    for (int change = 0; change <= changes; change++) {
      for (int result = 0; result <= results; result++) {
        SimulatedPartition partition = new SimulatedPartition(10);
        SimulatedTask task = owner(partition, guarantee);
        script.play(task);
        task.flushCache();
        changes = task.changesUnderWay();
        results = task.resultsUnderWay();
        task.arrive(change, result);

        partition.finish(owner(partition, guarantee));
        lost.addAll(partition.lost());
      }
    }
    assertThat(changes).as("the commit sends to the changelog").isPositive();
    assertThat(results).as("the commit sends results").isPositive();
    return lost;
  }

  /** One is paused and wakes when the next has taken its task over; then that one dies. */
  private List<Long> lostAfterAnInstanceWakes(LongSupplier owner) {
    SimulatedPartition partition = new SimulatedPartition(10);
    SimulatedTask paused = new SimulatedTask(partition, AT_LEAST_ONCE, owner.getAsLong(), WINDOW);
    paused.take();
    paused.answer();
    SimulatedTask next = new SimulatedTask(partition, AT_LEAST_ONCE, owner.getAsLong(), WINDOW);
    next.take();
    next.answer();
    next.take();
    next.commit();
    paused.closeAsLost();
    // dies here

    partition.finish(new SimulatedTask(partition, AT_LEAST_ONCE, owner.getAsLong(), WINDOW));
    return partition.lost();
  }

  private void takeIfRoom(SimulatedTask task) {
    if (task.unanswered() < WINDOW) {
      task.take();
    }
  }

  private long nextOwner() {
    return ++owners;
  }

  private SimulatedTask owner(SimulatedPartition partition, String guarantee) {
    return new SimulatedTask(partition, guarantee, nextOwner(), WINDOW);
  }
}
