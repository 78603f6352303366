package dev.phistream.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.replay.PartitionRange;
import dev.phistream.replay.ReplayProgress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplayScreenTest {
  private final ReplayScreen screen = new ReplayScreen("images");

  @Test
  void a_bar_per_partition_one_for_all_and_what_is_left() {
    ReplayProgress before = progress(0, 0, 1000);
    ReplayProgress now = progress(500, 450, 1500);
    screen.take(before, 0);
    screen.take(now, Duration.ofSeconds(10).toNanos());

    assertThat(screen.lines(now, false))
        .containsExactly(
            "images-0         ██████████░░░░░░░░░░  50.0 %  500 / 1,000",
            "images-1         ██████████░░░░░░░░░░  50.0 %  500 / 1,000",
            "all              ██████████░░░░░░░░░░  50.0 %  1,000 / 2,000",
            "45.0 images/s here, 10 s left, 2 errors");
    assertThat(screen.lines(now, true)).last().asString().contains("paused").doesNotContain("left");
    assertThat(screen.line(now, false))
        .isEqualTo("1,000 of 2,000 (50.0 %), 45.0 images/s here, 10 s left, 2 errors");
  }

  @Test
  void of_many_partitions_the_least_advanced_are_shown_and_no_line_is_too_long() {
    List<ReplayProgress.Partition> partitions = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      partitions.add(
          new ReplayProgress.Partition(
              new PartitionRange(i, 0, 1_000_000_000L), i == 39 ? 1 : 500_000_000L + i));
    }
    List<String> lines =
        new ReplayScreen("a-very-long-name-of-a-topic-of-images")
            .lines(new ReplayProgress(partitions, 0, 0, Map.of(), false), false);

    assertThat(lines).hasSize(15);
    assertThat(lines.get(0)).contains("images-39").contains("1 / 1,000,000,000");
    assertThat(lines).contains("… 28 more partitions, further on");
    assertThat(lines).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
  }

  /** Two partitions of 1,000 offsets, from 0 and from 1,000. */
  private static ReplayProgress progress(long done, long labelled, long second) {
    return new ReplayProgress(
        List.of(
            new ReplayProgress.Partition(new PartitionRange(0, 0, 1000), done),
            new ReplayProgress.Partition(new PartitionRange(1, 1000, 2000), second)),
        labelled,
        0,
        Map.of("image-empty", 2L),
        false);
  }
}
