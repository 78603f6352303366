package dev.phistream.app;

import dev.phistream.pipeline.Answer.Label;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Labels for people: one line per image, in aligned columns. */
final class LabelTable {
  private record Row(String name, String text) {}

  private final String heading;
  private final List<Row> rows = new ArrayList<>();

  /**
   * Creates an empty table.
   *
   * @param heading of the first column
   */
  LabelTable(String heading) {
    this.heading = heading;
  }

  void add(String name, List<Label> labels) {
    add(name, LabelText.of(labels));
  }

  void add(String name, String text) {
    rows.add(new Row(name, text));
  }

  void print(PrintWriter out) {
    if (rows.isEmpty()) {
      return;
    }
    int width = heading.length();
    for (Row row : rows) {
      width = Math.max(width, row.name().length());
    }
    out.println(pad(heading, width) + "  labels");
    for (Row row : rows) {
      out.println(pad(row.name(), width) + "  " + row.text());
    }
    rows.clear();
  }

  private static String pad(String text, int width) {
    return String.format(Locale.ROOT, "%-" + width + "s", text);
  }
}
