package dev.phistream.app;

import dev.phistream.pipeline.Answer.Label;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Labels for people: one line per picture, in aligned columns. */
final class LabelTable {
  private static final int SHOWN = 3;

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
    add(name, describe(labels));
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

  /** The best labels with their scores, such as {@code cup 97 % mug 2 %}. */
  static String describe(List<Label> labels) {
    return labels.stream()
        .limit(SHOWN)
        .map(label -> "%s %.0f %%".formatted(label.name(), 100 * label.score()))
        .collect(Collectors.joining("  "));
  }

  private static String pad(String text, int width) {
    return String.format(Locale.ROOT, "%-" + width + "s", text);
  }
}
