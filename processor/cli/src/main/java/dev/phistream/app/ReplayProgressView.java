package dev.phistream.app;

import dev.phistream.replay.ReplayProgress;
import java.util.List;

/** Shows a replay's progress: redrawn in place on a terminal, else a line now and then. */
final class ReplayProgressView {
  private static final long LINE_NANOS = 10_000_000_000L;
  private static final String UP = "\u001b[%dA";
  private static final String CLEAR_LINE = "\u001b[2K";

  private final Console console;
  private final ReplayScreen screen;
  private int drawn;
  private long saidNanos = System.nanoTime();

  ReplayProgressView(Console console, ReplayScreen screen) {
    this.console = console;
    this.screen = screen;
  }

  void show(ReplayProgress progress, boolean paused) {
    long now = System.nanoTime();
    screen.take(progress, now);
    if (console.interactive()) {
      draw(screen.lines(progress, paused));
    } else if (now - saidNanos > LINE_NANOS || progress.finished()) {
      saidNanos = now;
      console.err().println(screen.line(progress, paused));
    }
  }

  private void draw(List<String> lines) {
    StringBuilder text = new StringBuilder();
    if (drawn > 0) {
      text.append(UP.formatted(drawn));
    }
    for (String line : lines) {
      text.append('\r').append(CLEAR_LINE).append(line).append('\n');
    }
    drawn = lines.size();
    console.err().print(text);
    console.err().flush();
  }
}
