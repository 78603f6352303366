package dev.phistream.drawing;

import static dev.phistream.drawing.Pencil.arc;
import static dev.phistream.drawing.Pencil.box;
import static dev.phistream.drawing.Pencil.circle;
import static dev.phistream.drawing.Pencil.curve;
import static dev.phistream.drawing.Pencil.polygon;
import static dev.phistream.drawing.Pencil.roundBox;

import java.awt.geom.Path2D;

/** Paints what hands hold. */
final class Tools {
  private Tools() {}

  static void envelope(Pencil pencil) {
    double height = pencil.between(0.5, 0.68);
    double fold = pencil.between(-0.05, 0.2);
    double thin = pencil.between(0.025, 0.05);
    pencil.fill(box(-0.95, -height, 0.95, height), pencil.body());
    pencil.stroke(box(-0.95, -height, 0.95, height), thin, pencil.line());
    pencil.stroke(-0.95, height, -0.2, -0.02, thin, pencil.line());
    pencil.stroke(0.95, height, 0.2, -0.02, thin, pencil.line());
    pencil.fill(polygon(-0.95, -height, 0.95, -height, 0, fold), pencil.body());
    pencil.stroke(polygon(-0.95, -height, 0.95, -height, 0, fold), thin, pencil.line());
    if (pencil.chance(0.35)) {
      pencil.fill(circle(0, fold, 0.12), pencil.accent());
    }
  }

  static void guitar(Pencil pencil) {
    double hip = pencil.between(0.42, 0.5);
    double waist = pencil.between(0.2, 0.28);
    pencil.fill(roundBox(-0.1, -0.98, 0.1, -0.75, 0.06), pencil.accent());
    for (double y : new double[] {-0.92, -0.81}) {
      pencil.stroke(-0.16, y, 0.16, y, 0.04, pencil.line());
    }
    pencil.fill(
        curve(
            0,
            -0.15,
            0.3,
            -0.2,
            0.4,
            0,
            waist + 0.05,
            0.2,
            waist,
            0.35,
            hip + 0.15,
            0.4,
            hip,
            0.75,
            0.35,
            1.02,
            -0.35,
            1.02,
            -hip,
            0.75,
            -hip - 0.15,
            0.4,
            -waist,
            0.35,
            -waist - 0.05,
            0.2,
            -0.4,
            0,
            -0.3,
            -0.2,
            0,
            -0.15),
        pencil.body());
    pencil.fill(box(-0.065, -0.78, 0.065, 0.15), pencil.accent());
    pencil.fill(circle(0, 0.25, 0.14), pencil.line());
    pencil.fill(box(-0.18, 0.63, 0.18, 0.7), pencil.line());
    for (double x : new double[] {-0.035, 0, 0.035}) {
      pencil.stroke(x, -0.9, x, 0.65, 0.01, pencil.light());
    }
  }

  static void key(Pencil pencil) {
    double bow = pencil.between(0.25, 0.34);
    double shaft = pencil.between(0.1, 0.15);
    double ring = pencil.between(0.12, 0.17);
    pencil.stroke(circle(-0.62, 0, bow), ring, pencil.body());
    pencil.fill(box(-0.62 + bow, -shaft / 2, 0.92, shaft / 2), pencil.body());
    int teeth = pencil.count(2, 3);
    for (int i = 0; i < teeth; i++) {
      double x = 0.9 - i * 0.2;
      pencil.fill(box(x - 0.1, 0, x, pencil.between(0.2, 0.36)), pencil.body());
    }
    if (pencil.chance(0.3)) {
      pencil.fill(box(-0.3, -0.12, -0.24, 0.12), pencil.accent());
    }
  }

  static void scissors(Pencil pencil) {
    double open = pencil.between(12, 26);
    double ring = pencil.between(0.18, 0.23);
    double thick = pencil.between(0.08, 0.13);
    for (int side : new int[] {-1, 1}) {
      pencil.at(
          0,
          0.1,
          side * open,
          () -> {
            pencil.fill(
                polygon(-0.02, -1.05, side * 0.09, -0.4, side * 0.09, 0.1, -side * 0.06, 0.1),
                pencil.light());
            pencil.stroke(side * 0.02, 0.05, -side * 0.05, 0.35, thick, pencil.body());
            pencil.stroke(circle(-side * 0.02, 0.35 + ring * 1.1, ring), thick, pencil.body());
          });
    }
    pencil.fill(circle(0, 0.1, 0.05), pencil.accent());
  }

  static void umbrella(Pencil pencil) {
    double span = pencil.between(0.82, 0.95);
    double edge = pencil.between(-0.12, 0.02);
    double thin = pencil.between(0.05, 0.09);
    pencil.stroke(0, -0.9, 0, 0.75, thin, pencil.line());
    double hook = pencil.chance(0.5) ? -1 : 1;
    pencil.stroke(arc(hook * 0.14, 0.75, 0.14, 0.16, 180, 180), thin, pencil.line());
    int panels = pencil.count(3, 5);
    Path2D canopy = new Path2D.Double();
    canopy.moveTo(-span, edge);
    canopy.curveTo(-span * 0.9, -0.55, -span * 0.4, -0.82, 0, -0.82);
    canopy.curveTo(span * 0.4, -0.82, span * 0.9, -0.55, span, edge);
    double width = 2 * span / panels;
    for (int i = 0; i < panels; i++) {
      double right = span - i * width;
      canopy.quadTo(right - width / 2, edge - 0.18, right - width, edge);
    }
    canopy.closePath();
    pencil.fill(canopy, pencil.body());
    for (int i = 1; i < panels; i++) {
      Path2D rib = new Path2D.Double();
      double foot = span - i * width;
      rib.moveTo(0, -0.82);
      rib.quadTo(foot * 0.9, -0.6, foot, edge);
      pencil.stroke(rib, 0.03, pencil.chance(0.5) ? pencil.accent() : pencil.line());
    }
  }
}
