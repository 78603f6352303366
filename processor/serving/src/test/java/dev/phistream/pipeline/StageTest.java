package dev.phistream.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.phistream.batching.NanoClock;
import dev.phistream.batching.Urgency;
import dev.phistream.testkit.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StageTest {
  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(200);

  private final List<String> done = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch end = new CountDownLatch(1);
  private final StageWatch watch = new StageWatch(Duration.ofMillis(20), NanoClock.SYSTEM);
  private final List<Stage> stages = new ArrayList<>();

  @AfterEach
  void close() {
    end.countDown();
    stages.forEach(Stage::close);
    watch.close();
  }

  @Test
  void the_most_urgent_of_what_waits_goes_first() throws Exception {
    Stage stage = stage(new StageLimits(1, LONG));
    var unusedSlot = occupy(stage);
    List<CompletableFuture<Boolean>> all = new ArrayList<>();
    for (int deadline : new int[] {30, 10, 20}) {
      all.add(stage.submit(new Urgency(0, deadline), () -> done.add("due at " + deadline)));
    }
    end.countDown();
    for (CompletableFuture<Boolean> each : all) {
      each.get();
    }

    assertThat(done).containsExactly("due at 10", "due at 20", "due at 30");
  }

  @Test
  void as_many_are_worked_on_side_by_side_as_there_are_threads() {
    Stage stage = stage(new StageLimits(3, LONG));
    for (int i = 0; i < 5; i++) {
      var unusedSlot = occupy(stage);
    }

    assertThat(stage.waiting()).isEqualTo(2);
  }

  @Test
  void a_step_that_takes_too_long_ends_and_its_thread_is_replaced() {
    Stage stage = stage(new StageLimits(1, /* spares= */ 1, SHORT));

    CompletableFuture<Void> stuck = submit(stage, Fault.NEVER_RETURNS);
    CompletableFuture<String> next = stage.submit(new Urgency(0, 0), () -> "done");

    assertThatThrownBy(stuck::get)
        .hasCauseInstanceOf(StageTimeoutException.class)
        .hasMessageContaining("test: not done within 200 ms");
    assertThat(next).succeedsWithin(SHORT.multipliedBy(10)).isEqualTo("done");
    assertThat(stage.abandoned()).isEqualTo(1);
  }

  @Test
  void a_thread_that_listens_is_interrupted_and_comes_back() {
    Stage stage = stage(new StageLimits(1, SHORT));

    CompletableFuture<Void> slow =
        stage.submit(
            new Urgency(0, 0),
            () -> {
              Thread.sleep(LONG.toMillis());
              return null;
            });

    assertThatThrownBy(slow::get).hasCauseInstanceOf(StageTimeoutException.class);
    await().until(() -> stage.abandoned() == 0);
  }

  @Test
  void no_more_threads_are_abandoned_at_once_than_the_limits_allow() {
    Stage stage = stage(new StageLimits(1, /* spares= */ 2, SHORT));
    List<CompletableFuture<Void>> stuck = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      stuck.add(submit(stage, Fault.NEVER_RETURNS));
    }
    CompletableFuture<String> innocent = stage.submit(new Urgency(0, 1), () -> "done");

    stuck.forEach(
        each -> assertThatThrownBy(each::get).hasCauseInstanceOf(StageTimeoutException.class));
    assertThatThrownBy(innocent::get)
        .as("who waits behind them is not to blame")
        .hasCauseInstanceOf(StageLostException.class);
    assertThat(stage.abandoned()).isEqualTo(3);
  }

  @Test
  void a_stage_works_on_when_abandoned_threads_come_back() {
    Stage stage = stage(new StageLimits(1, /* spares= */ 0, SHORT));
    CompletableFuture<Void> stuck = submit(stage, Fault.NEVER_RETURNS);
    assertThatThrownBy(stuck::get).hasCauseInstanceOf(StageTimeoutException.class);

    CompletableFuture<String> next = stage.submit(new Urgency(0, 0), () -> "done");
    end.countDown();

    assertThat(next).succeedsWithin(5, TimeUnit.SECONDS);
  }

  @Test
  void what_follows_a_step_cannot_end_its_thread() throws Exception {
    Stage stage = stage(new StageLimits(1, LONG));
    var unusedSlot = occupy(stage);
    var unused =
        stage
            .submit(new Urgency(0, 0), () -> 1)
            .whenComplete(
                (result, error) -> {
                  throw new StackOverflowError("simulated");
                });
    CompletableFuture<String> next = stage.submit(new Urgency(0, 1), () -> "done");
    end.countDown();

    assertThat(next.get()).isEqualTo("done");
  }

  @Test
  void a_cancelled_step_is_not_begun() throws Exception {
    Stage stage = stage(new StageLimits(1, LONG));
    var unusedSlot = occupy(stage);
    CompletableFuture<Boolean> dropped = stage.submit(new Urgency(0, 0), () -> done.add("dropped"));
    CompletableFuture<Boolean> kept = stage.submit(new Urgency(0, 1), () -> done.add("kept"));

    dropped.cancel(false);
    end.countDown();
    kept.get();

    assertThat(done).containsExactly("kept");
  }

  @Test
  void closing_cancels_what_waits_what_runs_and_what_comes() {
    Stage stage = stage(new StageLimits(1, LONG));
    CompletableFuture<Void> running = occupy(stage);
    CompletableFuture<Integer> waiting = stage.submit(new Urgency(0, 0), () -> 1);

    stage.close();

    assertThat(running).isCancelled();
    assertThat(waiting).isCancelled();
    assertThat(stage.submit(new Urgency(0, 0), () -> 1)).isCancelled();
  }

  @Test
  void steps_that_wait_for_others_run_on_virtual_threads_where_the_jdk_has_them()
      throws ExecutionException, InterruptedException {
    Stage stage =
        new Stage(
            "fetch",
            new StageLimits(1, LONG),
            StageThreads.waiting("fetch"),
            watch,
            NanoClock.SYSTEM);
    stages.add(stage);

    Thread thread = stage.submit(new Urgency(0, 0), Thread::currentThread).get();

    assertThat(thread.getName()).startsWith("fetch-");
    assertThat(thread.isDaemon()).isTrue();
    assertThat(thread.getClass() == Thread.class).isEqualTo(Runtime.version().feature() < 21);
  }

  private Stage stage(StageLimits limits) {
    Stage stage =
        new Stage("test", limits, StageThreads.computing("test"), watch, NanoClock.SYSTEM);
    stages.add(stage);
    return stage;
  }

  private CompletableFuture<Void> submit(Stage stage, Fault fault) {
    return stage.submit(
        new Urgency(0, 0),
        () -> {
          fault.happen(end);
          return null;
        });
  }

  /** Keeps a thread until {@link #end}. */
  private CompletableFuture<Void> occupy(Stage stage) {
    CountDownLatch begun = new CountDownLatch(1);
    int before = stage.waiting();
    CompletableFuture<Void> occupied =
        stage.submit(
            new Urgency(0, -1),
            () -> {
              begun.countDown();
              end.await();
              return null;
            });
    await().until(() -> begun.getCount() == 0 || stage.waiting() == before + 1);
    return occupied;
  }
}
