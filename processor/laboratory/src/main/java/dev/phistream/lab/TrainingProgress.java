package dev.phistream.lab;

import dev.phistream.app.Console;
import dev.phistream.drawing.Accuracy;
import dev.phistream.drawing.TrainingListener;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;

/** Shows a training: a bar for each piece of work, and a line that stays for each epoch. */
final class TrainingProgress implements TrainingListener, AutoCloseable {
  private final Console console;
  private final int epochs;
  private volatile @Nullable ProgressBar bar;

  TrainingProgress(Console console, int epochs) {
    this.console = console;
    this.epochs = epochs;
  }

  @Override
  public void drawing(int images) {
    close();
    bar = console.progress("draw " + images + " images", images);
  }

  @Override
  public void drawn() {
    ProgressBar drawing = bar;
    if (drawing != null) {
      drawing.step();
    }
  }

  @Override
  public void step(int epoch, int step, int steps, double loss, double accuracy) {
    if (step == 1) {
      close();
      bar = console.progress("epoch " + epoch + "/" + epochs, steps);
    }
    ProgressBar learning = bar;
    if (learning != null) {
      learning.setExtraMessage(
          String.format(Locale.ROOT, " loss %.3f  accuracy %.1f %%", loss, 100 * accuracy));
      learning.stepTo(step);
    }
  }

  @Override
  public void epoch(int epoch, double loss, double accuracy, Accuracy validation, boolean kept) {
    close();
    console
        .err()
        .printf(
            Locale.ROOT,
            "epoch %d/%d  loss %.3f  accuracy %.1f %%  validation %.1f %%%s%n",
            epoch,
            epochs,
            loss,
            100 * accuracy,
            100 * validation.share(),
            kept ? "  written" : "");
  }

  @Override
  public void finished(Accuracy heldOut) {
    close();
    console
        .err()
        .printf(
            Locale.ROOT,
            "held out: %.2f %% of %d images%n",
            100 * heldOut.share(),
            heldOut.images());
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
