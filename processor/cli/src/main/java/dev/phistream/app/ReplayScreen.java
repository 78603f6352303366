package dev.phistream.app;

import dev.phistream.replay.ReplayProgress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/** A replay's progress as lines of text: a bar per partition and one for all. */
final class ReplayScreen {
  private static final int BAR = 20;
  private static final int MOST_PARTITIONS = 12;
  private static final double NANOS = 1e9;
  private static final double WINDOW_SECONDS = 20;
  private static final int SECONDS_PER_MINUTE = 60;
  private static final int MINUTES_PER_HOUR = 60;

  private record Sample(double seconds, long done, long labelled) {}

  private final String topic;
  private final Deque<Sample> samples = new ArrayDeque<>();

  /**
   * Creates one.
   *
   * @param topic that is replayed
   */
  ReplayScreen(String topic) {
    this.topic = topic;
  }

  /** Looks at the progress, for rates. */
  void take(ReplayProgress progress, long nowNanos) {
    double now = nowNanos / NANOS;
    samples.addLast(new Sample(now, progress.done(), progress.labelled()));
    while (samples.size() > 2 && now - samples.getFirst().seconds() > WINDOW_SECONDS) {
      samples.removeFirst();
    }
  }

  /** A bar per partition, the least advanced first, and one for all; at most 80 columns wide. */
  List<String> lines(ReplayProgress progress, boolean paused) {
    List<String> lines = new ArrayList<>();
    List<ReplayProgress.Partition> partitions =
        progress.partitions().stream()
            .sorted(Comparator.comparingInt(partition -> partition.range().partition()))
            .toList();
    List<ReplayProgress.Partition> shown =
        partitions.size() <= MOST_PARTITIONS
            ? partitions
            : partitions.stream()
                .sorted(Comparator.comparingDouble(ReplayScreen::share))
                .limit(MOST_PARTITIONS)
                .toList();
    for (ReplayProgress.Partition partition : shown) {
      lines.add(
          bar(
              "%s-%d".formatted(topic, partition.range().partition()),
              partition.done(),
              partition.range().offsets()));
    }
    if (shown.size() < partitions.size()) {
      lines.add("… %d more partitions, further on".formatted(partitions.size() - shown.size()));
    }
    lines.add(bar("all", progress.done(), progress.total()));
    lines.add(summary(progress, paused));
    return lines;
  }

  /** Everything in one line, for logs. */
  String line(ReplayProgress progress, boolean paused) {
    return "%s of %s (%.1f %%), %s"
        .formatted(
            number(progress.done()),
            number(progress.total()),
            100.0 * progress.done() / Math.max(1, progress.total()),
            summary(progress, paused));
  }

  private String summary(ReplayProgress progress, boolean paused) {
    StringBuilder text = new StringBuilder();
    text.append(String.format(Locale.ROOT, "%.1f images/s here", perSecond(true)));
    text.append(paused ? ", paused" : left(progress));
    long dead = progress.deadLetters().values().stream().mapToLong(Long::longValue).sum();
    text.append(", ").append(number(dead)).append(dead == 1 ? " error" : " errors");
    return text.toString();
  }

  private String left(ReplayProgress progress) {
    double rate = perSecond(false);
    if (progress.finished() || rate <= 0) {
      return "";
    }
    long seconds = Math.round((progress.total() - progress.done()) / rate);
    long minutes = seconds / SECONDS_PER_MINUTE;
    return minutes == 0
        ? ", %d s left".formatted(seconds)
        : minutes < MINUTES_PER_HOUR
            ? ", %d min %d s left".formatted(minutes, seconds % SECONDS_PER_MINUTE)
            : ", %d h %d min left"
                .formatted(minutes / MINUTES_PER_HOUR, minutes % MINUTES_PER_HOUR);
  }

  /** Of labels by this process, or offsets by all. */
  private double perSecond(boolean labels) {
    if (samples.size() < 2) {
      return 0;
    }
    Sample first = samples.getFirst();
    Sample last = samples.getLast();
    long amount = labels ? last.labelled() - first.labelled() : last.done() - first.done();
    return amount / Math.max(1e-3, last.seconds() - first.seconds());
  }

  private static double share(ReplayProgress.Partition partition) {
    return partition.done() / (double) Math.max(1, partition.range().offsets());
  }

  private static String bar(String name, long done, long total) {
    double share = total == 0 ? 1 : done / (double) total;
    int full = (int) Math.floor(share * BAR);
    return String.format(
        Locale.ROOT,
        "%-16s %s%s %5.1f %%  %s / %s",
        name.length() <= 16 ? name : "…" + name.substring(name.length() - 15),
        "█".repeat(full),
        "░".repeat(BAR - full),
        100 * share,
        number(done),
        number(total));
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }
}
