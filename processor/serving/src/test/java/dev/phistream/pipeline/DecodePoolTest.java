package dev.phistream.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DecodePoolTest {
  private final List<String> done = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch busy = new CountDownLatch(1);
  private final CountDownLatch free = new CountDownLatch(1);

  @Test
  void the_most_urgent_of_what_waits_goes_first() throws Exception {
    CountDownLatch all = new CountDownLatch(3);
    try (DecodePool pool = new DecodePool(1)) {
      occupy(pool);
      for (int due : new int[] {30, 10, 20}) {
        pool.execute(
            new UrgentTask(
                due,
                () -> {
                  done.add("due at " + due);
                  all.countDown();
                },
                () -> {}));
      }
      free.countDown();
      all.await();
    }

    assertThat(done).containsExactly("due at 10", "due at 20", "due at 30");
  }

  @Test
  void due_times_compare_across_the_wrap_of_the_clock() {
    UrgentTask before = new UrgentTask(Long.MAX_VALUE, () -> {}, () -> {});
    UrgentTask after = new UrgentTask(Long.MIN_VALUE, () -> {}, () -> {});

    assertThat(before).isLessThan(after);
  }

  @Test
  void closing_drops_what_waits_and_tells_it() throws Exception {
    DecodePool pool = new DecodePool(1);
    occupy(pool);
    pool.execute(new UrgentTask(0, () -> done.add("ran"), () -> done.add("dropped")));

    pool.close();
    free.countDown();

    assertThat(done).containsExactly("dropped");
    assertThatThrownBy(() -> pool.execute(new UrgentTask(0, () -> {}, () -> {})))
        .isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void a_pool_without_threads_is_refused() {
    assertThatThrownBy(() -> new DecodePool(0)).hasMessage("decode-threads: 0 (expected: >= 1)");
  }

  /** Keeps the only thread until {@link #free}. */
  private void occupy(DecodePool pool) throws InterruptedException {
    pool.execute(
        new UrgentTask(
            0,
            () -> {
              busy.countDown();
              try {
                free.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            () -> {}));
    busy.await();
  }
}
