package dev.phistream.app;

import dev.phistream.training.Epoch;
import dev.phistream.training.TransferListener;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;

/**
 * Shows a transfer training: a bar with the time left for each piece of work, and lines that stay.
 */
final class TransferProgress implements TransferListener, AutoCloseable {
  private final Console console;
  private volatile @Nullable ProgressBar bar;

  TransferProgress(Console console) {
    this.console = console;
  }

  @Override
  public void begin(String work, long steps) {
    close();
    bar = console.progress(work, steps);
  }

  @Override
  public void step() {
    ProgressBar present = bar;
    if (present != null) {
      present.step();
    }
  }

  @Override
  public void progress(double loss, double accuracy) {
    ProgressBar present = bar;
    if (present != null) {
      present.setExtraMessage(
          String.format(Locale.ROOT, " loss %.3f  accuracy %.1f %%", loss, 100 * accuracy));
    }
  }

  @Override
  public void note(String line) {
    close();
    console.err().println(line);
  }

  @Override
  public void epoch(String phase, int epoch, int epochs, Epoch result, @Nullable Double tuned) {
    close();
    console
        .err()
        .printf(
            Locale.ROOT,
            "%s %d/%d  loss %.3f  accuracy %.1f %%%s%n",
            phase,
            epoch,
            epochs,
            result.loss(),
            100 * result.accuracy(),
            tuned == null
                ? ""
                : String.format(
                    Locale.ROOT,
                    "  not learnt from: loss %.3f, accuracy %.1f %%",
                    result.tuneLoss(),
                    100 * tuned));
  }

  @Override
  public void close() {
    ProgressBar present = bar;
    if (present != null) {
      present.close();
      bar = null;
    }
  }
}
