package dev.phistream.drawing;

import static dev.phistream.drawing.Pencil.box;
import static dev.phistream.drawing.Pencil.circle;
import static dev.phistream.drawing.Pencil.curve;
import static dev.phistream.drawing.Pencil.ellipse;
import static dev.phistream.drawing.Pencil.polygon;

import java.awt.Color;

/** Paints what carries people. */
final class Vehicles {
  private static final Color TYRE = new Color(35, 35, 38);

  private Vehicles() {}

  static void airplane(Pencil pencil) {
    double sweep = pencil.between(0.15, 0.45);
    double girth = pencil.between(0.11, 0.17);
    for (int side : new int[] {-1, 1}) {
      pencil.fill(
          polygon(
              side * 0.05,
              -0.25,
              side * 0.95,
              sweep - 0.05,
              side * 0.95,
              sweep + 0.14,
              side * 0.05,
              0.2),
          pencil.accent());
      pencil.fill(
          polygon(side * 0.03, 0.6, side * 0.4, 0.8, side * 0.4, 0.93, side * 0.03, 0.82),
          pencil.accent());
      if (sweep > 0.25) {
        pencil.fill(ellipse(side * 0.45, sweep * 0.4, 0.06, 0.14), pencil.body());
      }
    }
    pencil.fill(
        curve(
            0, -0.98, girth, -0.95, girth, -0.6, girth, -0.3, girth, 0.3, 0.06, 0.7, 0.04, 0.95,
            0.02, 0.98, -0.02, 0.98, -0.04, 0.95, -0.06, 0.7, -girth, 0.3, -girth, -0.3, -girth,
            -0.6, -girth, -0.95, 0, -0.98),
        pencil.body());
    pencil.fill(ellipse(0, -0.72, girth * 0.6, 0.09), pencil.light());
  }

  static void bicycle(Pencil pencil) {
    double radius = pencil.between(0.36, 0.44);
    double thin = pencil.between(0.05, 0.085);
    Color tyre = pencil.chance(0.6) ? TYRE : pencil.line();
    for (double x : new double[] {-0.55, 0.55}) {
      pencil.stroke(circle(x, 0.35, radius), thin, tyre);
      int spokes = pencil.count(3, 6);
      for (int i = 0; i < spokes; i++) {
        double angle = Math.PI * i / spokes;
        double dx = radius * Math.cos(angle);
        double dy = radius * Math.sin(angle);
        pencil.stroke(x - dx, 0.35 - dy, x + dx, 0.35 + dy, 0.015, pencil.light());
      }
    }
    Color frame = pencil.body();
    pencil.stroke(polygon(-0.55, 0.35, -0.22, -0.2, 0.32, -0.25, -0.05, 0.38), thin, frame);
    pencil.stroke(-0.05, 0.38, -0.27, -0.35, thin, frame);
    pencil.stroke(0.55, 0.35, 0.27, -0.5, thin, frame);
    pencil.stroke(0.27, -0.5, 0.48, -0.55, thin, pencil.line());
    pencil.stroke(-0.4, -0.38, -0.14, -0.37, thin * 1.6, pencil.line());
    pencil.fill(circle(-0.05, 0.38, 0.08), pencil.accent());
  }

  static void car(Pencil pencil) {
    double roof = pencil.between(-0.5, -0.32);
    double back = pencil.between(-0.7, -0.45);
    pencil.fill(
        polygon(
            -0.95,
            0.27,
            -0.98,
            0.02,
            -0.92,
            -0.06,
            back,
            -0.1,
            back + 0.14,
            roof + 0.03,
            back + 0.24,
            roof,
            0.18,
            roof,
            0.28,
            roof + 0.04,
            0.52,
            -0.1,
            0.88,
            -0.05,
            0.97,
            0.05,
            0.97,
            0.27),
        pencil.body());
    pencil.fill(
        polygon(back + 0.08, -0.08, back + 0.18, roof + 0.07, -0.12, roof + 0.07, -0.12, -0.08),
        pencil.light());
    pencil.fill(
        polygon(-0.03, -0.08, -0.03, roof + 0.07, 0.22, roof + 0.07, 0.4, -0.08), pencil.light());
    pencil.fill(ellipse(0.9, 0.07, 0.05, 0.06), pencil.accent());
    double wheel = pencil.between(0.18, 0.24);
    for (double x : new double[] {-0.55, 0.55}) {
      pencil.fill(circle(x, 0.27, wheel), TYRE);
      pencil.fill(circle(x, 0.27, wheel * 0.5), pencil.light());
    }
  }

  static void sailboat(Pencil pencil) {
    double mast = pencil.between(-0.1, 0.1);
    double top = pencil.between(-0.98, -0.8);
    pencil.stroke(mast, top, mast, 0.5, 0.05, pencil.line());
    pencil.fill(
        curve(
            mast + 0.05,
            top + 0.05,
            mast + 0.45,
            top + 0.5,
            mast + 0.65,
            0,
            mast + 0.7,
            0.35,
            mast + 0.5,
            0.35,
            mast + 0.2,
            0.35,
            mast + 0.05,
            0.35),
        pencil.light());
    pencil.fill(
        curve(
            mast - 0.05,
            top + 0.2,
            mast - 0.2,
            top + 0.6,
            mast - 0.4,
            0.1,
            mast - 0.6,
            0.35,
            mast - 0.4,
            0.35,
            mast - 0.2,
            0.35,
            mast - 0.05,
            0.35),
        pencil.chance(0.5) ? pencil.light() : pencil.accent());
    pencil.fill(
        curve(
            -0.9, 0.48, -0.3, 0.54, 0.3, 0.54, 0.95, 0.45, 0.85, 0.7, 0.7, 0.85, 0.5, 0.88, 0.2,
            0.9, -0.3, 0.9, -0.6, 0.86, -0.75, 0.8, -0.85, 0.65, -0.9, 0.48),
        pencil.body());
    if (pencil.chance(0.4)) {
      pencil.fill(box(-0.6, 0.6, 0.65, 0.68), pencil.accent());
    }
    if (pencil.chance(0.5)) {
      pencil.fill(polygon(mast, top, mast + 0.22, top + 0.07, mast, top + 0.14), pencil.accent());
    }
  }
}
