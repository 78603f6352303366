package dev.phistream.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.phistream.replay.ReplayReport;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;

/** A replay's report for people and for programs. */
final class ReplayReportText {
  private static final int MOST_CHANGES = 20;
  private static final double PERCENT = 100;

  private ReplayReportText() {}

  static String json(ReplayReport report) throws JsonProcessingException {
    return JsonMapper.builder()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .build()
        .writeValueAsString(report);
  }

  static void print(ReplayReport report, PrintWriter out) {
    out.println(
        "replay %s: %s from %s to %s, into %s"
            .formatted(
                report.plan().name(),
                report.plan().topic(),
                report.plan().from(),
                report.plan().to(),
                report.plan().labels()));
    line(out, "events", report.read(), "");
    line(out, "labelled", report.labelled(), "");
    line(out, "dead letters", report.deadLettersInAll(), codes(report.deadLetters()));
    line(out, "left out", report.skippedInAll(), codes(report.skipped()));
    if (report.deletedOffsets() > 0) {
      line(out, "deleted", report.deletedOffsets(), "offsets, by retention, before they were read");
    }
    out.println(
        String.format(
            Locale.ROOT,
            "%-13s%.1f s, %.1f images/s",
            "time",
            report.seconds(),
            report.labelled() / Math.max(1e-3, report.seconds())));
    changes(report, out);
  }

  private static void changes(ReplayReport report, PrintWriter out) {
    long changed = report.changes().stream().mapToLong(ReplayReport.Change::events).sum();
    long compared = report.sameLabel() + changed;
    if (compared == 0) {
      return;
    }
    out.println(
        String.format(
            Locale.ROOT,
            "%-13s%d of %d with an earlier result (%.1f %%)",
            "changed",
            changed,
            compared,
            PERCENT * changed / compared));
    Columns table = new Columns(out, "before:24", "now:24", "events:0");
    report.changes().stream()
        .limit(MOST_CHANGES)
        .forEach(
            change -> table.print(change.before(), change.now(), String.valueOf(change.events())));
    if (report.changes().size() > MOST_CHANGES) {
      out.println("… and %d other changes".formatted(report.changes().size() - MOST_CHANGES));
    }
  }

  private static void line(PrintWriter out, String what, long count, String more) {
    out.println(String.format(Locale.ROOT, "%-13s%d  %s", what, count, more).stripTrailing());
  }

  private static String codes(Map<String, Long> counts) {
    StringBuilder text = new StringBuilder();
    counts.forEach(
        (code, count) ->
            text.append(text.length() == 0 ? "" : ", ").append(code).append(' ').append(count));
    return text.toString();
  }
}
