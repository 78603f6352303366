package dev.phistream.repository;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A stream whose reading fails when nothing comes for some time. The HTTP client's own time-out
 * ends with the headers.
 */
final class SilenceGuard extends FilterInputStream {
  private static final int CHECKS_PER_SILENCE = 4;

  private final Duration silence;
  private final ScheduledExecutorService clock;
  private volatile long heard = System.nanoTime();
  private volatile boolean silent;

  SilenceGuard(InputStream in, Duration silence) {
    super(in);
    this.silence = silence;
    this.clock =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "silence-guard");
              thread.setDaemon(true);
              return thread;
            });
    long period = Math.max(1, silence.toNanos() / CHECKS_PER_SILENCE);
    var unused = clock.scheduleAtFixedRate(this::check, period, period, TimeUnit.NANOSECONDS);
  }

  @Override
  public int read(byte[] buffer, int from, int length) throws IOException {
    try {
      int read = in.read(buffer, from, length);
      if (read < 0 && silent) {
        throw timeout();
      }
      heard = System.nanoTime();
      return read;
    } catch (IOException e) {
      if (silent && !(e instanceof HttpTimeoutException)) {
        throw timeout();
      }
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    clock.shutdownNow();
    super.close();
  }

  private HttpTimeoutException timeout() {
    return new HttpTimeoutException("nothing came for " + silence.toMillis() + " ms");
  }

  private void check() {
    if (System.nanoTime() - heard > silence.toNanos()) {
      silent = true;
      try {
        in.close(); // wakes the reader
      } catch (IOException e) {
        // The reader will hear of it.
      }
    }
  }
}
