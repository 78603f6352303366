package dev.phistream.pipeline;

import dev.phistream.batching.AgeingQueue;
import dev.phistream.batching.NanoClock;
import dev.phistream.batching.Urgency;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads that do one step on the way of events, in the order of {@link AgeingQueue}. Whatever the
 * step does, its future ends exactly once: with the result, with anything that it throws (errors of
 * the JVM included), or with a {@link StageTimeoutException} when it has taken as long as it may.
 * Then its thread is interrupted and abandoned, and another takes its place. Threads are started
 * when they are needed. The queue is unbounded: the in-flight windows bound what can be in it.
 * Thread-safe.
 */
final class Stage implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Stage.class);
  private static final long NEVER = Long.MAX_VALUE;
  private static final long MEMORY_PAUSE_MILLIS = 10;

  private record Task<R>(
      Urgency urgency, long sequence, Callable<R> work, CompletableFuture<R> future)
      implements AgeingQueue.Entry {
    void run() {
      R result;
      try {
        result = work.call();
      } catch (Throwable e) { // also what the JVM throws: the event must hear of it
        fail(e);
        return;
      }
      future.complete(result);
    }

    /** Without memory even this may fail at first; whoever has taken it gives it back. */
    private void fail(Throwable e) {
      while (!future.isDone()) {
        try {
          future.completeExceptionally(e);
        } catch (OutOfMemoryError again) {
          pause();
        }
      }
    }

    private static void pause() {
      try {
        Thread.sleep(MEMORY_PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private final class Worker implements Runnable {
    private @Nullable Thread thread;
    private @Nullable Task<?> task;
    private long sinceAwakeNanos;
    private boolean abandoned;

    @Override
    public void run() {
      Task<?> next;
      while ((next = take(this)) != null) {
        try {
          next.run();
        } catch (Throwable e) { // of those who wait for the result
          log.error("{}: what follows a step failed", name, e);
        }
      }
    }
  }

  private final String name;
  private final StageLimits limits;
  private final ThreadFactory threads;
  private final StageWatch watch;
  private final NanoClock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final AgeingQueue<Task<?>> waiting = new AgeingQueue<>();
  private final Set<Worker> workers = new HashSet<>();
  private int idle;
  private int abandoned;
  private long sequence;
  private long stuckSinceAwakeNanos = NEVER;
  private boolean closed;

  /**
   * Creates a stage.
   *
   * @param name for error codes, logs and threads
   * @param watch ends what takes too long
   */
  Stage(String name, StageLimits limits, ThreadFactory threads, StageWatch watch, NanoClock clock) {
    this.name = name;
    this.limits = limits;
    this.threads = threads;
    this.watch = watch;
    this.clock = clock;
    watch.add(this);
  }

  /** Name of the stage. */
  String name() {
    return name;
  }

  /** What it may use. */
  StageLimits limits() {
    return limits;
  }

  /**
   * Lets a thread do a step.
   *
   * @return ends as said above; cancelled if the stage closes first. What follows it runs on the
   *     stage's thread and must not block. Cancelling it drops the step while it waits
   */
  <R> CompletableFuture<R> submit(Urgency urgency, Callable<R> step) {
    CompletableFuture<R> future = new CompletableFuture<>();
    Throwable unable = null;
    lock.lock();
    try {
      if (!closed) {
        Task<R> task = new Task<>(urgency, sequence++, step, future);
        waiting.add(task);
        unable = letOneWork();
        if (unable == null) {
          return future;
        }
        waiting.remove(task);
      }
    } finally {
      lock.unlock();
    }
    if (unable == null) {
      future.cancel(false);
    } else {
      future.completeExceptionally(unable);
    }
    return future;
  }

  /** Steps that wait for a thread. */
  int waiting() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /** Threads that were abandoned and have not returned. */
  int abandoned() {
    lock.lock();
    try {
      return abandoned;
    } finally {
      lock.unlock();
    }
  }

  /** Ends what has been worked on for too long. */
  void expire(long awakeNanos) {
    List<Task<?>> expired = new ArrayList<>();
    List<Task<?>> stranded = List.of();
    lock.lock();
    try {
      for (Worker worker : List.copyOf(workers)) {
        if (worker.task != null
            && awakeNanos - worker.sinceAwakeNanos >= limits.deadline().toNanos()) {
          expired.add(worker.task);
          abandon(worker);
        }
      }
      int before;
      do {
        before = workers.size();
        var unused = letOneWork();
      } while (workers.size() > before);
      stranded = stranded(awakeNanos);
    } finally {
      lock.unlock();
    }
    for (Task<?> task : expired) {
      task.future().completeExceptionally(new StageTimeoutException(name, limits.deadline()));
    }
    for (Task<?> task : stranded) {
      task.future()
          .completeExceptionally(
              new StageLostException(
                  "%s: all threads are stuck, %d of them abandoned (expected: steps that end); restart the processor"
                      .formatted(name, limits.threads() + limits.spares())));
    }
  }

  /** Cancels what waits and what runs; threads end when their steps do. */
  @Override
  public void close() {
    List<CompletableFuture<?>> unfinished = new ArrayList<>();
    lock.lock();
    try {
      closed = true;
      waiting.clear().forEach(task -> unfinished.add(task.future()));
      for (Worker worker : workers) {
        if (worker.task != null) {
          unfinished.add(worker.task.future());
        }
      }
      work.signalAll();
    } finally {
      lock.unlock();
    }
    unfinished.forEach(future -> future.cancel(false));
    interruptAll();
  }

  private void interruptAll() {
    lock.lock();
    try {
      for (Worker worker : workers) {
        if (worker.task != null && worker.thread != null) {
          worker.thread.interrupt();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Wakes or starts a thread; what keeps the only one from starting, or null. */
  private @Nullable Throwable letOneWork() {
    if (waiting.isEmpty()) {
      return null;
    }
    if (idle >= waiting.size() || workers.size() >= mayWork()) {
      work.signal();
      return null;
    }
    Worker worker = new Worker();
    try {
      Thread thread = threads.newThread(worker);
      worker.thread = thread;
      workers.add(worker);
      thread.start();
      return null;
    } catch (Throwable e) { // no memory for a thread
      workers.remove(worker);
      log.error("{}: no thread could be started; {} work on", name, workers.size(), e);
      return workers.isEmpty() ? e : null;
    }
  }

  /** The next step for a thread, or null when the thread shall end. */
  private @Nullable Task<?> take(Worker worker) {
    lock.lock();
    try {
      worker.task = null;
      var unused = Thread.interrupted(); // meant for the step before
      while (!worker.abandoned && !closed) {
        Task<?> next = waiting.poll(clock.nanos());
        if (next == null) {
          idle++;
          work.awaitUninterruptibly();
          idle--;
        } else if (!next.future().isDone()) {
          worker.sinceAwakeNanos = watch.awakeNanos();
          worker.task = next;
          return next;
        }
      }
      if (worker.abandoned) {
        returned();
      }
      workers.remove(worker);
      return null;
    } finally {
      lock.unlock();
    }
  }

  private void returned() {
    abandoned--;
    stuckSinceAwakeNanos = NEVER;
    log.info("{}: an abandoned thread has come back; {} have not", name, abandoned);
    var unused = letOneWork();
  }

  private void abandon(Worker worker) {
    worker.abandoned = true;
    workers.remove(worker);
    abandoned++;
    log.warn(
        "{}: {} has worked on one event for {} ms; it is abandoned ({} of at most {})",
        name,
        worker.thread == null ? "a thread" : worker.thread.getName(),
        limits.deadline().toMillis(),
        abandoned,
        limits.threads() + limits.spares());
    if (worker.thread != null) {
      worker.thread.interrupt();
    }
  }

  /** Threads that may work now. */
  private int mayWork() {
    return Math.min(limits.threads(), limits.threads() + limits.spares() - abandoned);
  }

  /** What waits although no thread has worked for as long as a step may take. */
  private List<Task<?>> stranded(long awakeNanos) {
    if (mayWork() > 0 || waiting.isEmpty()) {
      stuckSinceAwakeNanos = NEVER;
      return List.of();
    }
    if (stuckSinceAwakeNanos == NEVER) {
      stuckSinceAwakeNanos = awakeNanos;
    }
    return awakeNanos - stuckSinceAwakeNanos >= limits.deadline().toNanos()
        ? waiting.clear()
        : List.of();
  }
}
