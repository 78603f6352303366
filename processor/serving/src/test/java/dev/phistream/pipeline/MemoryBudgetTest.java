package dev.phistream.pipeline;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class MemoryBudgetTest {
  private static final long MEGABYTE = 1 << 20;
  private static final Duration AT_ONCE = Duration.ofMillis(1);
  private static final Duration LONG = Duration.ofSeconds(20);

  private final MemoryBudget budget = new MemoryBudget(10 * MEGABYTE);

  @Test
  void parts_are_taken_while_there_is_room() throws Exception {
    assertThat(budget.take(6 * MEGABYTE, AT_ONCE)).isNotNull();
    assertThat(budget.take(4 * MEGABYTE, AT_ONCE)).isNotNull();
    assertThat(budget.take(1, AT_ONCE)).isNull();
  }

  @Test
  void who_finds_no_room_waits_until_another_gives_its_part_back() throws Exception {
    MemoryBudget.Lease first = requireNonNull(budget.take(8 * MEGABYTE, AT_ONCE));
    CompletableFuture<MemoryBudget.Lease> second =
        CompletableFuture.supplyAsync(() -> taken(8 * MEGABYTE));
    Thread.sleep(50);
    assertThat(second).isNotDone();

    first.close();

    assertThat(second.get()).isNotNull();
  }

  @Test
  void an_image_that_needs_more_than_all_of_it_decodes_alone() throws Exception {
    MemoryBudget.Lease all = requireNonNull(budget.take(Long.MAX_VALUE, AT_ONCE));

    assertThat(budget.take(1, AT_ONCE)).isNull();
    all.close();
    assertThat(budget.take(10 * MEGABYTE, AT_ONCE)).isNotNull();
  }

  @Test
  void what_needs_nothing_waits_for_nobody() throws Exception {
    assertThat(budget.takeAll(AT_ONCE)).isNotNull();

    assertThat(budget.take(0, AT_ONCE)).isNotNull();
  }

  private MemoryBudget.Lease taken(long bytes) {
    try {
      return requireNonNull(budget.take(bytes, LONG));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
