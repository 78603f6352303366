package dev.phistream.drawing;

import static dev.phistream.drawing.Pencil.circle;
import static dev.phistream.drawing.Pencil.polygon;

import java.awt.Color;

/** Paints round dials, which differ in their pointers alone. */
final class Dials {
  private Dials() {}

  static void clock(Pencil pencil) {
    Color ink = dial(pencil, pencil.chance(0.5) ? 12 : 4);
    double hour = pencil.between(0, 360);
    double minute = pencil.between(0, 360);
    hand(pencil, hour, pencil.between(0.36, 0.45), pencil.between(0.08, 0.12), ink);
    hand(pencil, minute, pencil.between(0.56, 0.68), pencil.between(0.05, 0.08), ink);
    pencil.fill(circle(0, 0, 0.07), ink);
  }

  private static void hand(
      Pencil pencil, double degrees, double length, double width, Color color) {
    pencil.at(0, 0, degrees, () -> pencil.stroke(0, 0.06, 0, -length, width, color));
  }

  static void compass(Pencil pencil) {
    Color ink = dial(pencil, pencil.chance(0.5) ? 8 : 4);
    double length = pencil.between(0.55, 0.68);
    double width = pencil.between(0.1, 0.17);
    Color north = pencil.chance(0.5) ? new Color(200, 40, 35) : pencil.accent();
    pencil.at(
        0,
        0,
        pencil.between(0, 360),
        () -> {
          pencil.fill(polygon(-width, 0, 0, -length, width, 0), north);
          pencil.fill(polygon(-width, 0, 0, length, width, 0), ink);
        });
    pencil.fill(circle(0, 0, 0.05), pencil.light());
  }

  /** The dial without pointers; returns the colour that is seen on it. */
  private static Color dial(Pencil pencil, int ticks) {
    double rim = pencil.between(0.07, 0.16);
    if (pencil.chance(0.5)) {
      pencil.fill(circle(0, -0.95, 0.09), pencil.body());
    }
    pencil.fill(circle(0, 0, 0.92), pencil.body());
    pencil.fill(circle(0, 0, 0.92 - rim), pencil.light());
    Color ink = new Color(30, 30, 40);
    for (int i = 0; i < ticks; i++) {
      double angle = 2 * Math.PI * i / ticks;
      double outer = 0.88 - rim;
      double inner = outer - (i * 4 % ticks == 0 ? 0.12 : 0.07);
      pencil.stroke(
          inner * Math.sin(angle),
          inner * Math.cos(angle),
          outer * Math.sin(angle),
          outer * Math.cos(angle),
          0.04,
          ink);
    }
    return ink;
  }
}
