package dev.phistream.training;

import java.util.List;
import java.util.Locale;

/**
 * Charts of a report as inline SVG; their colours are the page's, so that they follow its theme.
 */
final class ReportCharts {
  private static final int WIDTH = 440;
  private static final int HEIGHT = 260;
  private static final int LEFT = 60;
  private static final int RIGHT = 12;
  private static final int TOP = 12;
  private static final int BOTTOM = 40;
  private static final int TICKS = 4;

  private ReportCharts() {}

  /**
   * A line.
   *
   * @param name for the legend
   * @param style CSS class of the line: {@code a}, {@code b} or {@code c}
   * @param x positions, as many as {@code y}
   * @param y values; NaN leaves a gap
   */
  record Line(String name, String style, double[] x, double[] y) {}

  /**
   * The frame that lines are drawn into.
   *
   * @param title what it shows, for those who cannot see it
   * @param xLabel below
   * @param percent whether the values are parts, written in per cent
   */
  record Frame(
      String title,
      String xLabel,
      double xLow,
      double xHigh,
      double yLow,
      double yHigh,
      boolean percent) {
    double x(double value) {
      double span = xHigh > xLow ? xHigh - xLow : 1;
      return LEFT + (value - xLow) / span * (WIDTH - LEFT - RIGHT);
    }

    double y(double value) {
      double span = yHigh > yLow ? yHigh - yLow : 1;
      return HEIGHT - BOTTOM - (value - yLow) / span * (HEIGHT - TOP - BOTTOM);
    }
  }

  /** Draws lines with a legend. */
  static String lines(Frame frame, List<Line> lines) {
    StringBuilder svg = open(frame);
    for (Line line : lines) {
      StringBuilder points = new StringBuilder();
      boolean pen = false;
      for (int i = 0; i < line.x().length; i++) {
        if (Double.isNaN(line.y()[i])) {
          pen = false;
          continue;
        }
        points
            .append(pen ? 'L' : 'M')
            .append(number(frame.x(line.x()[i])))
            .append(' ')
            .append(number(frame.y(clamped(frame, line.y()[i]))));
        pen = true;
      }
      svg.append("<path class='line ")
          .append(line.style())
          .append("' d='")
          .append(points)
          .append("'/>");
      if (line.x().length == 1 && !Double.isNaN(line.y()[0])) {
        svg.append(
            "<circle class='dot %s' cx='%s' cy='%s' r='3'/>"
                .formatted(
                    line.style(),
                    number(frame.x(line.x()[0])),
                    number(frame.y(clamped(frame, line.y()[0])))));
      }
    }
    svg.append("</svg>");
    svg.append("<div class='legend'>");
    for (Line line : lines) {
      svg.append("<span><i class='%s'></i>%s</span>".formatted(line.style(), text(line.name())));
    }
    return svg.append("</div>").toString();
  }

  /** Draws how often scores of each tenth are right; the closer to the diagonal, the better. */
  static String reliability(String title, List<Evaluation.Bin> bins) {
    Frame frame = new Frame(title, "score", 0, 1, 0, 1, true);
    StringBuilder svg = open(frame);
    int most = bins.stream().mapToInt(Evaluation.Bin::count).max().orElse(1);
    for (Evaluation.Bin bin : bins) {
      double x = frame.x(bin.low() + 0.01);
      double width = frame.x(bin.low() + 0.09) - x;
      double strength = 0.25 + 0.75 * bin.count() / most;
      svg.append(
          "<rect class='bar' x='%s' y='%s' width='%s' height='%s' fill-opacity='%s'><title>%d images, mean score %s, right %s</title></rect>"
              .formatted(
                  number(x),
                  number(frame.y(bin.right())),
                  number(width),
                  number(frame.y(0) - frame.y(bin.right())),
                  number(strength),
                  bin.count(),
                  percent(bin.score()),
                  percent(bin.right())));
    }
    svg.append(
        "<path class='line c' d='M%s %sL%s %s'/>"
            .formatted(
                number(frame.x(0)), number(frame.y(0)), number(frame.x(1)), number(frame.y(1))));
    return svg.append("</svg>").toString();
  }

  private static StringBuilder open(Frame frame) {
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg viewBox='0 0 %d %d' role='img' aria-label='%s'>"
            .formatted(WIDTH, HEIGHT, text(frame.title())));
    for (int i = 0; i <= TICKS; i++) {
      double value = frame.yLow() + (frame.yHigh() - frame.yLow()) * i / TICKS;
      double y = frame.y(value);
      svg.append(
          "<path class='grid' d='M%d %sH%d'/><text x='%d' y='%s' class='end'>%s</text>"
              .formatted(
                  LEFT,
                  number(y),
                  WIDTH - RIGHT,
                  LEFT - 6,
                  number(y + 4),
                  frame.percent() ? percent(value) : label(value)));
      double even = frame.xLow() + (frame.xHigh() - frame.xLow()) * i / TICKS;
      double at = frame.xHigh() > 1 ? Math.rint(even) : even;
      svg.append(
          "<text x='%s' y='%d' class='mid'>%s</text>"
              .formatted(number(frame.x(at)), HEIGHT - BOTTOM + 16, label(at)));
    }
    svg.append(
        "<text x='%d' y='%d' class='mid axis'>%s</text>"
            .formatted((WIDTH + LEFT) / 2, HEIGHT - 6, text(frame.xLabel())));
    return svg;
  }

  private static double clamped(Frame frame, double value) {
    return Math.max(frame.yLow(), Math.min(frame.yHigh(), value));
  }

  private static String label(double value) {
    return value == Math.rint(value)
        ? String.valueOf((long) value)
        : String.format(Locale.ROOT, "%.2f", value);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  /** A part in per cent. */
  static String percent(double part) {
    return Double.isNaN(part) ? "–" : String.format(Locale.ROOT, "%.1f %%", 100 * part);
  }

  /** Makes text of what may hold markup. */
  static String text(String raw) {
    return raw.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("'", "&#39;")
        .replace("\"", "&quot;");
  }
}
