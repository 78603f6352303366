package dev.phistream.batching;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Time here is a number that the test chooses. */
class BatchSchedulerTest {
  private static final long FAR_OFF = 1_000_000;

  private static final BatchScheduler.FreeDevice HUNDRED_PER_ITEM = device(sizing(4, 100), 0);
  private static final BatchScheduler.FreeDevice BUSY_UNTIL_NOW =
      device(BatchSchedulerTest::maxBatch, 0);

  private final BatchScheduler<String> scheduler = new BatchScheduler<>();
  private final List<BatchScheduler.Ticket> expected = new ArrayList<>();

  @Test
  void a_full_batch_starts_at_once_although_more_is_on_its_way() {
    expect("small", 5);
    addAll("small", 1000, "a", "b", "c", "d");

    assertThat(poll(0)).containsExactly("a", "b", "c", "d");
  }

  @Test
  void a_partial_batch_waits_while_more_is_on_its_way() {
    expect("small", 3);
    addAll("small", 1000, "a", "b");

    assertThat(poll(999)).isEmpty();
    assertThat(scheduler.nanosUntilReady(999, BUSY_UNTIL_NOW)).isEqualTo(1);
  }

  @Test
  void a_partial_batch_starts_when_its_first_item_is_due() {
    expect("small", 3);
    addAll("small", 1000, "a", "b");

    assertThat(poll(1000)).containsExactly("a", "b");
  }

  @Test
  void a_partial_batch_starts_when_nothing_more_is_on_its_way() {
    expect("small", 2);
    addAll("small", 1000, "a", "b");

    assertThat(poll(0)).containsExactly("a", "b");
  }

  @Test
  void a_withdrawn_item_is_not_waited_for() {
    expect("small", 2);
    addAll("small", 1000, "a");
    withdraw("small");

    assertThat(poll(0)).containsExactly("a");
  }

  @Test
  void what_is_late_itself_is_not_waited_for() {
    scheduler.expect(QueueKey.of("small"), due(50));
    expect("small", 1);
    addAll("small", 1000, "a");

    assertThat(poll(49)).isEmpty();
    assertThat(poll(50)).containsExactly("a");
  }

  @Test
  void a_batch_closes_before_waiting_for_one_more_breaks_a_deadline() {
    expect("small", 1);
    BatchScheduler.FreeDevice hundredPerItem = device(sizing(4, 100), 0);
    add("small", new Urgency(5000, 1000), "a");

    assertThat(scheduler.nanosUntilReady(0, hundredPerItem)).isEqualTo(800);
    assertThat(scheduler.poll(799, hundredPerItem)).isNull();
    assertThat(scheduler.poll(800, hundredPerItem)).isNotNull();
  }

  @Test
  void an_item_that_is_due_closes_its_batch_although_others_have_earlier_deadlines() {
    expect("small", 1);
    add("small", new Urgency(900, 1000), "deadline first");
    add("small", new Urgency(100, 5000), "due first");

    assertThat(poll(100)).containsExactly("deadline first", "due first");
  }

  @Test
  void a_device_waits_for_a_backlog_that_fills_its_batch_although_it_is_due() {
    expectLate("small", 3);
    add("small", due(10), "a");

    assertThat(scheduler.poll(50, HUNDRED_PER_ITEM)).isNull();
    assertThat(scheduler.nanosUntilReady(50, HUNDRED_PER_ITEM)).isEqualTo(350);
  }

  @Test
  void it_waits_for_a_backlog_no_longer_than_a_full_batch_takes() {
    expectLate("small", 3);
    add("small", due(10), "a");

    assertThat(scheduler.poll(399, HUNDRED_PER_ITEM)).isNull();
    assertThat(scheduler.poll(400, HUNDRED_PER_ITEM)).isNotNull();
  }

  @Test
  void without_objectives_it_waits_for_a_backlog_up_to_four_times_as_long() {
    expectLate("small", 3);
    add("small", Urgency.of(0, Duration.ofNanos(10), null), "a");

    assertThat(scheduler.poll(1599, HUNDRED_PER_ITEM)).isNull();
    assertThat(scheduler.poll(1600, HUNDRED_PER_ITEM)).isNotNull();
  }

  @Test
  void one_objective_ends_the_patience_of_the_others() {
    expectLate("small", 3);
    add("small", Urgency.of(0, Duration.ofNanos(10), null), "a");
    add("small", due(10), "b");

    assertThat(scheduler.poll(400, HUNDRED_PER_ITEM)).isNotNull();
  }

  @Test
  void the_wait_for_a_backlog_counts_from_when_the_device_became_free() {
    expectLate("small", 3);
    add("small", due(10), "a");
    BatchScheduler.FreeDevice freeSince300 = device(sizing(4, 100), 300);

    assertThat(scheduler.nanosUntilReady(300, freeSince300)).isEqualTo(400);
  }

  @Test
  void it_does_not_wait_for_fewer_than_fill_its_batch() {
    expectLate("small", 2);
    add("small", due(10), "a");

    assertThat(scheduler.poll(50, HUNDRED_PER_ITEM)).isNotNull();
  }

  @Test
  void a_deadline_that_can_be_kept_ends_the_wait_for_a_backlog() {
    expectLate("small", 3);
    add("small", new Urgency(10, 20), "too late anyway");
    add("small", new Urgency(10, 400), "can be kept");

    assertThat(scheduler.nanosUntilReady(50, HUNDRED_PER_ITEM)).isEqualTo(400 - 50 - 3 * 100);
  }

  @Test
  void what_is_due_goes_before_a_later_deadline_although_its_backlog_would_fill_its_batch() {
    expectLate("small", 3);
    add("small", due(10), "due");
    add("large", due(FAR_OFF), "full");
    add("large", due(FAR_OFF), "too");

    BatchScheduler.Batch<String> batch = scheduler.poll(50, HUNDRED_PER_ITEM);

    assertThat(batch).isNotNull();
    assertThat(batch.items()).containsExactly("due");
  }

  @Test
  void an_item_that_runs_again_keeps_its_place() {
    BatchScheduler.Ticket first = scheduler.expect(QueueKey.of("small"), due(100));
    scheduler.add(first, "first", 0);
    assertThat(poll(0)).containsExactly("first");
    add("small", due(100), "second");

    scheduler.add(first, "first", 0);

    assertThat(poll(0)).containsExactly("first", "second");
  }

  @Test
  void of_two_ready_variants_the_more_urgent_goes_first() {
    expect("small", 1);
    expect("large", 1);
    addAll("large", 900, "late");
    addAll("small", 100, "soon");

    assertThat(poll(0)).containsExactly("soon");
    assertThat(poll(0)).containsExactly("late");
  }

  @Test
  void an_urgent_item_overtakes_those_that_can_wait() {
    expect("large", 3);
    addAll("large", 900, "a", "b");
    addAll("large", 100, "urgent");

    assertThat(poll(0)).containsExactly("urgent", "a");
  }

  @Test
  void a_device_that_takes_less_finds_a_smaller_batch_full() {
    expect("small", 5);
    addAll("small", 1000, "a", "b", "c");

    assertThat(poll(0)).isEmpty();
    BatchScheduler.Batch<String> smaller = scheduler.poll(0, device(variant -> 2, 0));

    assertThat(smaller).isNotNull();
    assertThat(smaller.items()).containsExactly("a", "b");
  }

  @Test
  void due_times_compare_across_the_wrap_of_the_clock() {
    expect("small", 2);
    addAll("small", Long.MIN_VALUE + 5, "after the wrap");
    addAll("small", Long.MAX_VALUE, "before the wrap");

    assertThat(poll(Long.MAX_VALUE)).containsExactly("before the wrap", "after the wrap");
  }

  @Property
  void every_item_leaves_exactly_once_and_no_batch_is_too_large(
      @ForAll @Size(max = 60) List<@IntRange(max = 50) Integer> dueTimes) {
    for (int i = 0; i < dueTimes.size(); i++) {
      String variant = i % 3 == 0 ? "large" : "small";
      add(variant, due(dueTimes.get(i)), "item " + i);
    }
    List<String> left = new ArrayList<>();
    BatchScheduler.Batch<String> batch;
    while ((batch = scheduler.poll(0, BUSY_UNTIL_NOW)) != null) {
      assertThat(batch.items()).hasSizeBetween(1, batch.key().slot().equals("large") ? 2 : 4);
      left.addAll(batch.items());
    }

    assertThat(left).doesNotHaveDuplicates().hasSize(dueTimes.size());
    assertThat(scheduler.size()).isZero();
  }

  private static BatchSizing sizing(int target, long nanosPerItem) {
    return new BatchSizing() {
      @Override
      public int target(QueueKey key) {
        return target;
      }

      @Override
      public long predictedNanos(QueueKey key, int size) {
        return size * nanosPerItem;
      }
    };
  }

  private static BatchScheduler.FreeDevice device(BatchSizing sizing, long freeSinceNanos) {
    return new BatchScheduler.FreeDevice(sizing, freeSinceNanos);
  }

  private static int maxBatch(QueueKey key) {
    return key.slot().equals("large") ? 2 : 4;
  }

  private void expect(String variant, int times) {
    for (int i = 0; i < times; i++) {
      expected.add(scheduler.expect(QueueKey.of(variant), due(FAR_OFF)));
    }
  }

  private void expectLate(String variant, int times) {
    for (int i = 0; i < times; i++) {
      scheduler.expect(QueueKey.of(variant), due(0));
    }
  }

  private void withdraw(String variant) {
    BatchScheduler.Ticket place =
        expected.stream().filter(p -> p.key().slot().equals(variant)).findFirst().orElseThrow();
    expected.remove(place);
    scheduler.withdraw(place);
  }

  private static Urgency due(long nanos) {
    return new Urgency(nanos, nanos);
  }

  private void add(String variant, Urgency urgency, String item) {
    scheduler.add(scheduler.expect(QueueKey.of(variant), urgency), item, 0);
  }

  private void addAll(String variant, long dueNanos, String... items) {
    for (String item : items) {
      withdraw(variant);
      add(variant, due(dueNanos), item);
    }
  }

  private List<String> poll(long nowNanos) {
    BatchScheduler.Batch<String> batch = scheduler.poll(nowNanos, BUSY_UNTIL_NOW);
    return batch == null ? List.of() : batch.items();
  }
}
