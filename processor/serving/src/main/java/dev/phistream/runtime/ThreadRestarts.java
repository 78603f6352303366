package dev.phistream.runtime;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.streams.KafkaStreams;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts stream threads in place of failed ones, after a pause, on a thread of its own: the failed
 * thread is not held up, so that it leaves its group at once and others take its partitions.
 *
 * <p>Kafka Streams' own {@code REPLACE_THREAD} does neither: a pause can only be made in the failed
 * thread, and its consumer stays a member until the session time-out (kafka-streams 4.4.0: {@code
 * replaceStreamThread} overwrites the wish to leave). Thread-safe.
 */
final class ThreadRestarts implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ThreadRestarts.class);
  private static final Duration ASK_AGAIN = Duration.ofMillis(100);

  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread daemon = new Thread(task, "thread-restarts");
            daemon.setDaemon(true);
            return daemon;
          });

  /** Ends the failed thread without a word: what had to be said has been. */
  static final class ThreadEndsException extends RuntimeException {
    ThreadEndsException(Throwable cause) {
      super(cause);
    }
  }

  /** Starts a thread after a pause. */
  void startAfter(Duration pause, KafkaStreams streams) {
    schedule(pause, () -> start(streams));
  }

  private void start(KafkaStreams streams) {
    try {
      if (streams.addStreamThread().isPresent()) {
        return;
      }
      if (streams.state() == KafkaStreams.State.CREATED
          || streams.state().isRunningOrRebalancing()) {
        schedule(ASK_AGAIN, () -> start(streams));
      }
    } catch (RuntimeException e) {
      log.error("no stream thread could be started in place of a failed one; trying again", e);
      schedule(Duration.ofSeconds(1), () -> start(streams));
    }
  }

  private void schedule(Duration pause, Runnable task) {
    synchronized (executor) {
      if (!executor.isShutdown()) {
        var unused = executor.schedule(task, pause.toMillis(), TimeUnit.MILLISECONDS);
      }
    }
  }

  /** Starts none any more. */
  @Override
  public void close() {
    synchronized (executor) {
      executor.shutdownNow();
    }
  }
}
