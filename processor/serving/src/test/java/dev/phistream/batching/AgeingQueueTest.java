package dev.phistream.batching;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AgeingQueueTest {
  private static final Duration OBJECTIVE = Duration.ofMillis(100);
  private static final long AGED = Urgency.AGES_AFTER.toNanos();

  private record Item(String name, Urgency urgency, long sequence) implements AgeingQueue.Entry {}

  private final AgeingQueue<Item> queue = new AgeingQueue<>();
  private long sequence;

  @Test
  void the_earliest_deadline_is_taken_first_and_of_equal_ones_the_earlier_arrival() {
    add("late", 20, OBJECTIVE);
    add("first", 10, OBJECTIVE);
    add("second", 10, OBJECTIVE);

    assertThat(take(3, 30)).containsExactly("first", "second", "late");
  }

  @Test
  void without_an_objective_an_item_gives_way_while_it_is_young() {
    add("patient", 0, null);
    addUrgent(20, 1);

    assertThat(take(20, AGED - 1)).doesNotContain("patient");
  }

  @Test
  void an_item_that_has_aged_gets_one_take_of_eight() {
    add("patient 1", 0, null);
    add("patient 2", 0, null);
    addUrgent(20, AGED);

    List<String> taken = take(16, AGED);

    assertThat(taken.get(7)).isEqualTo("patient 1");
    assertThat(taken.get(15)).isEqualTo("patient 2");
  }

  @Test
  void nothing_is_kept_back_for_an_item_that_has_aged_when_nothing_else_waits() {
    add("patient 1", 0, null);
    add("patient 2", 0, null);

    assertThat(take(2, AGED)).containsExactly("patient 1", "patient 2");
    assertThat(queue.isEmpty()).isTrue();
  }

  @Test
  void deadlines_compare_across_the_wrap_of_the_clock() {
    long end = Long.MAX_VALUE - 5;
    add("after the wrap", end + 10, OBJECTIVE);
    add("before the wrap", end, OBJECTIVE);
    add("patient", end, null);

    assertThat(take(3, end + 20)).containsExactly("before the wrap", "after the wrap", "patient");
  }

  @Test
  void a_removed_item_is_not_taken() {
    Item gone = add("gone", 0, null);
    add("stays", 1, null);

    assertThat(queue.remove(gone)).isTrue();
    assertThat(queue.remove(gone)).isFalse();
    assertThat(take(2, AGED)).containsExactly("stays");
  }

  private void addUrgent(int count, long arrivedNanos) {
    for (int i = 0; i < count; i++) {
      add("urgent", arrivedNanos, OBJECTIVE);
    }
  }

  private Item add(String name, long arrivedNanos, @Nullable Duration objective) {
    Item item = new Item(name, Urgency.of(arrivedNanos, Duration.ZERO, objective), sequence++);
    queue.add(item);
    return item;
  }

  private List<String> take(int most, long nowNanos) {
    List<String> taken = new ArrayList<>();
    Item item;
    while (taken.size() < most && (item = queue.poll(nowNanos)) != null) {
      taken.add(item.name());
    }
    return taken;
  }
}
