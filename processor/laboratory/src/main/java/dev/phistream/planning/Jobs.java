package dev.phistream.planning;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What takes time in a simulation: work on cores, and waits that need none. Who gets to work has an
 * idle core if there is one, and else any, which all that are on it share equally. A core that gets
 * idle takes over another's work only at its clock's next tick: Linux looks for such work at once
 * only if it expects the core to be idle for longer than the search takes.
 */
final class Jobs {
  static final long NEVER = Long.MAX_VALUE;

  /** Of the clock of Linux as distributions configure it, 250 times a second. */
  private static final double TICK_NANOS = 4e6;

  private static final int NO_CORE = -1;
  private static final long SEED = 1;

  private static final class Job {
    private final Runnable whenDone;
    private double leftNanos;
    private int core;

    Job(double nanos, int core, Runnable whenDone) {
      this.leftNanos = nanos;
      this.core = core;
      this.whenDone = whenDone;
    }
  }

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final List<Job> all = new ArrayList<>();
  private final int[] onCore;
  private double coreNanos;

  Jobs(int cores) {
    this.onCore = new int[cores];
  }

  /** Begins something that a core works for. */
  void work(double nanos, Runnable whenDone) {
    int core = place();
    onCore[core]++;
    all.add(new Job(nanos, core, whenDone));
  }

  /** Begins something that passes whatever the cores do. */
  void pause(double nanos, Runnable whenDone) {
    all.add(new Job(nanos, NO_CORE, whenDone));
  }

  /** Nanoseconds until the next one ends if none begins before, or {@link #NEVER}. */
  long untilNext() {
    Job next = next();
    return next == null ? NEVER : (long) Math.ceil(nanos(next));
  }

  /** Lets time pass; nothing ends by that. */
  void pass(long nanos) {
    for (Job job : all) {
      double done = job.core == NO_CORE ? nanos : (double) nanos / onCore[job.core];
      job.leftNanos = Math.max(0, job.leftNanos - done);
      if (job.core != NO_CORE) {
        coreNanos += done;
      }
    }
  }

  /** Ends the next one. */
  void endNext() {
    Job ended = next();
    if (ended == null) {
      throw new IllegalStateException("nothing has begun");
    }
    all.remove(ended);
    int core = ended.core;
    if (core != NO_CORE && --onCore[core] == 0 && onCore[fullest()] > 1) {
      pause(random.nextDouble() * TICK_NANOS, () -> takeOver(core));
    }
    ended.whenDone.run();
  }

  /** Time for which cores have worked so far, all together. */
  double coreNanos() {
    return coreNanos;
  }

  private int place() {
    int any = random.nextInt(onCore.length);
    for (int step = 0; step < onCore.length; step++) {
      int core = (any + step) % onCore.length;
      if (onCore[core] == 0) {
        return core;
      }
    }
    return any;
  }

  private void takeOver(int core) {
    int from = fullest();
    if (onCore[core] > 0 || onCore[from] < 2) {
      return;
    }
    List<Job> there = all.stream().filter(job -> job.core == from).toList();
    there.get(random.nextInt(there.size())).core = core;
    onCore[from]--;
    onCore[core]++;
  }

  private int fullest() {
    int fullest = 0;
    for (int core = 1; core < onCore.length; core++) {
      if (onCore[core] > onCore[fullest]) {
        fullest = core;
      }
    }
    return fullest;
  }

  private @Nullable Job next() {
    Job next = null;
    for (Job job : all) {
      if (next == null || nanos(job) < nanos(next)) {
        next = job;
      }
    }
    return next;
  }

  private double nanos(Job job) {
    return job.core == NO_CORE ? job.leftNanos : job.leftNanos * onCore[job.core];
  }
}
