package dev.phistream.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.replay.PartitionRange;
import dev.phistream.replay.ReplayPlan;
import dev.phistream.replay.ReplayReport;
import dev.phistream.replay.Selection;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReplayReportTextTest {
  @Test
  void counts_errors_by_code_and_changed_labels_are_a_table() {
    assertThat(
            text(
                report(
                    List.of(
                        new ReplayReport.Change("cat", "dog", 30),
                        new ReplayReport.Change("ant", "bee", 10)))))
        .containsExactly(
            "replay october: images from 2026-10-01 to 2026-11-01, into labels.october",
            "events       110",
            "labelled     100",
            "dead letters 3  image-empty 1, image-truncated 2",
            "left out     7  source 7",
            "deleted      5  offsets, by retention, before they were read",
            "time         50.0 s, 2.0 images/s",
            "changed      40 of 100 with an earlier result (40.0 %)",
            "before                    now                       events",
            "cat                       dog                       30",
            "ant                       bee                       10");
  }

  @Test
  void of_many_changes_the_most_frequent_are_shown() {
    List<ReplayReport.Change> changes =
        IntStream.range(0, 25)
            .mapToObj(i -> new ReplayReport.Change("a" + i, "b" + i, 25L - i))
            .toList();

    assertThat(text(report(changes))).last().isEqualTo("… and 5 other changes");
  }

  private static List<String> text(ReplayReport report) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    ReplayReportText.print(report, out);
    out.flush();
    return text.toString().lines().toList();
  }

  private static ReplayReport report(List<ReplayReport.Change> changes) {
    ReplayPlan plan =
        new ReplayPlan(
            "october",
            1,
            "2026-11-01T00:00:00Z",
            "images",
            "2026-10-01",
            "2026-11-01",
            null,
            null,
            null,
            List.of(new PartitionRange(0, 0, 115)),
            null,
            List.of(),
            "labels.october",
            "labels.october.dead-letters",
            Selection.ALL,
            Map.of());
    return new ReplayReport(
        plan,
        "2026-11-01T00:00:50Z",
        110,
        100,
        new TreeMap<>(Map.of("image-truncated", 2L, "image-empty", 1L)),
        Map.of("source", 7L),
        60,
        changes,
        5);
  }
}
