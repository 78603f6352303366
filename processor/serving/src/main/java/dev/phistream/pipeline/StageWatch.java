package dev.phistream.pipeline;

import dev.phistream.batching.NanoClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at stages at intervals and ends what they have worked on for too long. Time counts only as
 * far as it looks, so that a process that stood still (SIGSTOP, a suspended machine) does not take
 * its own threads for stuck. Thread-safe.
 */
final class StageWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StageWatch.class);

  private final NanoClock clock;
  private final Duration interval;
  private final List<Stage> stages = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private long lastNanos;
  private volatile long awakeNanos;
  private volatile boolean closed;

  /** Starts a thread that looks at intervals. */
  StageWatch(Duration interval, NanoClock clock) {
    this.clock = clock;
    this.interval = interval;
    this.lastNanos = clock.nanos();
    this.thread = new Thread(this::watch, "stage-watch");
    thread.setDaemon(true);
    thread.start();
  }

  /** Looks at a stage, too, from now on. */
  void add(Stage stage) {
    stages.add(stage);
  }

  /** Time for which the process was awake, as of the last look. */
  long awakeNanos() {
    return awakeNanos;
  }

  /** Looks once. */
  private synchronized void look() {
    long now = clock.nanos();
    awakeNanos += Math.min(now - lastNanos, 2 * interval.toNanos());
    lastNanos = now;
    for (Stage stage : stages) {
      stage.expire(awakeNanos);
    }
  }

  private void watch() {
    while (!closed) {
      try {
        Thread.sleep(interval.toMillis());
        look();
      } catch (InterruptedException e) {
        return;
      } catch (Throwable e) { // without the watch, nothing would end what hangs
        log.error("looking at the stages failed; it is tried again", e);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
