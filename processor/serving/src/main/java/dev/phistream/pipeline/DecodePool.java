package dev.phistream.pipeline;

import java.util.concurrent.Executor;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads that decode images, the earliest deadline first, so that a backlog of one tier does not
 * hold up another. Its queue is unbounded: the in-flight windows bound what can be in it.
 * Thread-safe.
 */
public final class DecodePool implements Executor, AutoCloseable {
  private final ThreadPoolExecutor threads;

  /** Starts {@code size} threads. */
  public DecodePool(int size) {
    if (size < 1) {
      throw new IllegalArgumentException("decode-threads: " + size + " (expected: >= 1)");
    }
    AtomicInteger number = new AtomicInteger();
    threads =
        new ThreadPoolExecutor(
            size,
            size,
            0,
            TimeUnit.SECONDS,
            new PriorityBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "decode-" + number.getAndIncrement());
              thread.setDaemon(true);
              return thread;
            });
    threads.prestartAllCoreThreads();
  }

  /**
   * Runs a task.
   *
   * @throws ClassCastException when it is no {@link UrgentTask}
   */
  @Override
  public void execute(Runnable task) {
    threads.execute(UrgentTask.class.cast(task));
  }

  /** Drops what waits, and tells it so; a running task ends by itself. */
  @Override
  public void close() {
    threads.shutdownNow().forEach(waiting -> UrgentTask.class.cast(waiting).onDrop().run());
  }
}
