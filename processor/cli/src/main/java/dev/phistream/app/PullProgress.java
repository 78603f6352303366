package dev.phistream.app;

import dev.phistream.repository.PullListener;
import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;

/** Shows a download: a bar on a terminal, and a line for each time that it must be tried again. */
public final class PullProgress implements PullListener, AutoCloseable {
  private final Console console;
  private @Nullable String shown;
  private @Nullable ProgressBar bar;

  /** Shows it on a console. */
  public PullProgress(Console console) {
    this.console = console;
  }

  @Override
  public void received(String file, long received, long total) {
    ProgressBar current = bar;
    if (current == null || !file.equals(shown)) {
      close();
      current = console.byteProgress(file, total);
      bar = current;
      shown = file;
    }
    current.maxHint(total);
    current.stepTo(received);
  }

  @Override
  public void retrying(String reason, Duration pause) {
    close();
    console.err().printf("pull: %s; trying again in %d ms%n", reason, pause.toMillis());
  }

  @Override
  public void close() {
    ProgressBar last = bar;
    if (last != null) {
      last.close();
      bar = null;
    }
  }
}
