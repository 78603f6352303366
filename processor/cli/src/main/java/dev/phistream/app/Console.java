package dev.phistream.app;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Where a command writes: results to {@code out}, everything else to {@code err}, so that output
 * can be piped. Both flush at each line.
 *
 * @param out for results
 * @param err for progress and errors
 * @param interactive whether a person looks on, who gets progress bars and colours
 */
public record Console(PrintWriter out, PrintWriter err, boolean interactive) {
  /** The launcher sets it; System.console() says something else in each JDK. */
  private static final String TERMINAL = "PHISTREAM_TERMINAL";

  private static final int REDRAW_MILLIS = 200;
  private static final long MEGABYTE = 1_000_000;

  /** The console of this process. */
  public static Console ofProcess() {
    return new Console(
        new PrintWriter(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8),
        new PrintWriter(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
        Objects.equals(System.getenv(TERMINAL), "1"));
  }

  /** A progress bar, which is invisible where nobody looks on. Close it when the work is done. */
  public ProgressBar progress(String task, long steps) {
    return bar(task, steps).build();
  }

  /** The same for bytes, shown as megabytes with their rate. */
  public ProgressBar byteProgress(String task, long bytes) {
    return bar(task, bytes).setUnit(" MB", MEGABYTE).showSpeed().build();
  }

  private ProgressBarBuilder bar(String task, long steps) {
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setInitialMax(steps)
        .setStyle(ProgressBarStyle.UNICODE_BLOCK)
        .setUpdateIntervalMillis(REDRAW_MILLIS)
        .setConsumer(
            interactive
                ? new ConsoleProgressBarConsumer(
                    new PrintStream(
                        new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8))
                : new SilentProgress());
  }
}
