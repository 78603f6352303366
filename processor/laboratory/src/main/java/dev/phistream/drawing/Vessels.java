package dev.phistream.drawing;

import static dev.phistream.drawing.Pencil.arc;
import static dev.phistream.drawing.Pencil.box;
import static dev.phistream.drawing.Pencil.circle;
import static dev.phistream.drawing.Pencil.curve;
import static dev.phistream.drawing.Pencil.ellipse;
import static dev.phistream.drawing.Pencil.polygon;
import static dev.phistream.drawing.Pencil.roundBox;

/** Paints what stands on tables. */
final class Vessels {
  private Vessels() {}

  static void bottle(Pencil pencil) {
    double half = pencil.between(0.24, 0.36);
    double neck = pencil.between(0.08, 0.13);
    double shoulder = pencil.between(-0.35, -0.1);
    pencil.fill(
        curve(
            -neck,
            -0.85,
            -neck,
            -0.6,
            -neck,
            -0.6,
            -neck,
            shoulder - 0.2,
            -neck,
            shoulder,
            -half,
            shoulder,
            -half,
            shoulder + 0.2,
            -half,
            0.5,
            -half,
            0.9,
            -half,
            0.93,
            -half,
            0.98,
            half,
            0.98,
            half,
            0.93,
            half,
            0.9,
            half,
            0.5,
            half,
            shoulder + 0.2,
            half,
            shoulder,
            neck,
            shoulder,
            neck,
            shoulder - 0.2,
            neck,
            -0.6,
            neck,
            -0.6,
            neck,
            -0.85),
        pencil.body());
    pencil.fill(roundBox(-neck - 0.03, -0.98, neck + 0.03, -0.82, 0.05), pencil.accent());
    if (pencil.chance(0.75)) {
      double top = pencil.between(0.15, 0.3);
      pencil.fill(box(-half, top, half, top + pencil.between(0.25, 0.4)), pencil.light());
    }
    pencil.stroke(-half * 0.6, shoulder + 0.3, -half * 0.6, 0.1, 0.04, pencil.light());
  }

  static void cup(Pencil pencil) {
    double half = pencil.between(0.55, 0.65);
    double top = pencil.between(-0.45, -0.3);
    double foot = pencil.between(0.18, 0.28);
    pencil.fill(ellipse(-0.1, 0.62, 0.8, 0.16), pencil.accent());
    pencil.stroke(
        arc(half - 0.1, top + 0.33, 0.3, 0.25, -100, 220),
        pencil.between(0.07, 0.12),
        pencil.body());
    pencil.fill(
        curve(
            -0.1 - half,
            top,
            -0.1 - half,
            top + 0.6,
            -0.2 - foot,
            0.55,
            -0.1 - foot,
            0.6,
            -0.1,
            0.64,
            -0.1,
            0.64,
            -0.1 + foot,
            0.6,
            foot,
            0.55,
            half - 0.1,
            top + 0.6,
            half - 0.1,
            top),
        pencil.body());
    rim(pencil, -0.1, top, half);
  }

  static void mug(Pencil pencil) {
    double half = pencil.between(0.45, 0.58);
    double top = pencil.between(-0.7, -0.5);
    double bottom = pencil.between(0.6, 0.75);
    double taper = pencil.between(0, 0.08);
    pencil.stroke(
        arc(half - 0.1, (top + bottom) / 2, 0.35, 0.36, -95, 200),
        pencil.between(0.09, 0.15),
        pencil.body());
    pencil.fill(
        curve(
            -0.1 - half,
            top,
            -0.1 - half,
            top + 0.4,
            taper - 0.1 - half,
            bottom - 0.3,
            taper - 0.1 - half,
            bottom,
            -0.4,
            bottom + 0.14,
            0.2,
            bottom + 0.14,
            half - 0.1 - taper,
            bottom,
            half - 0.1 - taper,
            bottom - 0.3,
            half - 0.1,
            top + 0.4,
            half - 0.1,
            top),
        pencil.body());
    if (pencil.chance(0.4)) {
      pencil.fill(circle(-0.1, (top + bottom) / 2 + 0.1, 0.2), pencil.accent());
    }
    rim(pencil, -0.1, top, half);
  }

  private static void rim(Pencil pencil, double x, double top, double half) {
    double depth = pencil.between(0.1, 0.18);
    pencil.fill(ellipse(x, top, half, depth), pencil.body());
    pencil.fill(
        ellipse(x, top, half * 0.88, depth * 0.75),
        pencil.chance(0.6) ? pencil.line() : pencil.light());
    if (pencil.chance(0.4)) {
      for (double dx : new double[] {-0.2, 0.1}) {
        pencil.stroke(arc(x + dx, top - 0.22, 0.06, 0.1, 90, 180), 0.03, pencil.light());
        pencil.stroke(arc(x + dx, top - 0.42, 0.06, 0.1, -90, 180), 0.03, pencil.light());
      }
    }
  }

  static void lamp(Pencil pencil) {
    double upper = pencil.between(0.2, 0.36);
    double lower = pencil.between(0.5, 0.72);
    double shade = pencil.between(-0.2, 0);
    pencil.stroke(0, shade, 0, 0.85, pencil.between(0.07, 0.14), pencil.accent());
    if (pencil.chance(0.5)) {
      pencil.fill(ellipse(0, 0.5, 0.2, 0.28), pencil.accent());
    }
    pencil.fill(ellipse(0, 0.87, pencil.between(0.3, 0.42), 0.09), pencil.accent());
    pencil.fill(polygon(-upper, -0.9, upper, -0.9, lower, shade, -lower, shade), pencil.body());
    if (pencil.chance(0.5)) {
      pencil.stroke(-lower + 0.04, shade - 0.08, lower - 0.04, shade - 0.08, 0.05, pencil.light());
    }
    if (pencil.chance(0.5)) {
      pencil.stroke(lower * 0.7, shade, lower * 0.7, shade + 0.3, 0.025, pencil.line());
      pencil.fill(circle(lower * 0.7, shade + 0.32, 0.035), pencil.line());
    }
  }
}
