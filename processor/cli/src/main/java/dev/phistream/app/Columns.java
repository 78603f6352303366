package dev.phistream.app;

import dev.phistream.text.EventText;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Locale;

/**
 * A table that is printed line by line, because more lines may come at any time. Columns are as
 * wide as they were declared; what is longer loses its middle, the last column nothing.
 */
public final class Columns {
  private static final String GAP = "  ";

  private final PrintWriter out;
  private final String[] headings;
  private final int[] widths;
  private boolean begun;

  /**
   * Creates a table.
   *
   * @param columns each as {@code heading:width}
   */
  public Columns(PrintWriter out, String... columns) {
    this.out = out;
    this.headings = new String[columns.length];
    this.widths = new int[columns.length];
    for (int i = 0; i < columns.length; i++) {
      int colon = columns[i].indexOf(':');
      headings[i] = columns[i].substring(0, colon);
      widths[i] = Integer.parseInt(columns[i].substring(colon + 1));
    }
  }

  /** Prints a line; what a terminal would obey is shown as an escape instead. */
  public void print(String... cells) {
    if (!begun) {
      begun = true;
      line(headings);
    }
    line(Arrays.stream(cells).map(EventText::printable).toArray(String[]::new));
  }

  private void line(String... cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.length; i++) {
      line.append(
          i == cells.length - 1
              ? cells[i]
              : String.format(Locale.ROOT, "%-" + widths[i] + "s", fit(cells[i], widths[i])) + GAP);
    }
    out.println(line.toString().stripTrailing());
  }

  private static String fit(String text, int width) {
    if (text.length() <= width) {
      return text;
    }
    int tail = (width - 1) / 2;
    return text.substring(0, width - 1 - tail) + "…" + text.substring(text.length() - tail);
  }
}
