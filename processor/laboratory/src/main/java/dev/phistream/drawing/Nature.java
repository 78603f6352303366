package dev.phistream.drawing;

import static dev.phistream.drawing.Pencil.arc;
import static dev.phistream.drawing.Pencil.box;
import static dev.phistream.drawing.Pencil.circle;
import static dev.phistream.drawing.Pencil.curve;
import static dev.phistream.drawing.Pencil.ellipse;
import static dev.phistream.drawing.Pencil.polygon;

import java.awt.Color;
import java.awt.geom.Path2D;

/** Paints what stands, grows and lives outdoors. */
final class Nature {
  private Nature() {}

  static void fish(Pencil pencil) {
    double belly = pencil.between(0.35, 0.5);
    double tail = pencil.between(0.3, 0.45);
    pencil.fill(polygon(0.45, 0, 0.95, -tail, 0.85, 0, 0.95, tail), pencil.accent());
    pencil.fill(
        curve(
            -0.2,
            -belly * 0.7,
            0,
            -belly - 0.35,
            0.3,
            -belly - 0.2,
            0.35,
            -0.2,
            0.1,
            -0.2,
            -0.1,
            -0.2,
            -0.2,
            -belly * 0.7),
        pencil.accent());
    pencil.fill(
        curve(
            -0.95,
            0,
            -0.6,
            -belly - 0.15,
            0.2,
            -belly,
            0.6,
            0,
            0.2,
            belly,
            -0.6,
            belly + 0.15,
            -0.95,
            0),
        pencil.body());
    pencil.stroke(arc(-0.75, 0, 0.3, belly * 0.8, -50, 100), 0.035, pencil.line());
    if (pencil.chance(0.5)) {
      for (double x : new double[] {-0.15, 0.05, 0.25}) {
        pencil.stroke(arc(x - 0.1, 0, 0.12, 0.2, -60, 120), 0.03, pencil.accent());
      }
    }
    pencil.fill(circle(-0.66, -0.12, 0.09), pencil.light());
    pencil.fill(circle(-0.67, -0.12, 0.045), new Color(20, 20, 25));
  }

  static void house(Pencil pencil) {
    double wall = pencil.between(0.6, 0.75);
    double eaves = pencil.between(-0.25, -0.05);
    if (pencil.chance(0.6)) {
      pencil.fill(box(0.3, -0.85, 0.48, -0.3), pencil.accent());
    }
    pencil.fill(box(-wall, eaves, wall, 0.9), pencil.body());
    pencil.fill(
        polygon(-wall - 0.18, eaves, 0, pencil.between(-0.95, -0.75), wall + 0.18, eaves),
        pencil.accent());
    double door = pencil.chance(0.5) ? -0.3 : 0.05;
    pencil.fill(box(door, 0.35, door + 0.28, 0.9), pencil.accent());
    window(pencil, door < 0 ? 0.15 : -0.45, 0.2);
    if (pencil.chance(0.4)) {
      pencil.fill(circle(0, eaves - 0.25, 0.1), pencil.light());
    }
  }

  private static void window(Pencil pencil, double x, double y) {
    pencil.fill(box(x, y, x + 0.3, y + 0.3), pencil.light());
    pencil.stroke(x + 0.15, y, x + 0.15, y + 0.3, 0.03, pencil.line());
    pencil.stroke(x, y + 0.15, x + 0.3, y + 0.15, 0.03, pencil.line());
  }

  static void mushroom(Pencil pencil) {
    double span = pencil.between(0.7, 0.92);
    double edge = pencil.between(-0.05, 0.12);
    double stem = pencil.between(0.17, 0.28);
    pencil.fill(
        curve(
            -stem * 0.8,
            edge - 0.1,
            -stem * 0.7,
            0.4,
            -stem * 1.3,
            0.7,
            -stem * 1.2,
            0.9,
            -0.1,
            0.98,
            0.1,
            0.98,
            stem * 1.2,
            0.9,
            stem * 1.3,
            0.7,
            stem * 0.7,
            0.4,
            stem * 0.8,
            edge - 0.1),
        pencil.light());
    pencil.fill(
        curve(
            -span,
            edge,
            -span * 0.95,
            -0.6,
            -span * 0.5,
            -0.88,
            0,
            -0.88,
            span * 0.5,
            -0.88,
            span * 0.95,
            -0.6,
            span,
            edge,
            span * 0.5,
            edge + 0.14,
            -span * 0.5,
            edge + 0.14,
            -span,
            edge),
        pencil.body());
    if (pencil.chance(0.65)) {
      double[] spots = {-0.45, -0.2, 0.13, -0.05, -0.5, 0.15, 0.4, -0.3, 0.14, 0.12, -0.1, 0.09};
      for (int i = 0; i < spots.length; i += 3) {
        pencil.fill(
            ellipse(spots[i] * span, spots[i + 1], spots[i + 2], spots[i + 2] * 0.8),
            pencil.light());
      }
    }
  }

  static void snail(Pencil pencil) {
    double shell = pencil.between(0.48, 0.58);
    double thin = pencil.between(0.05, 0.08);
    pencil.fill(
        curve(
            -0.95, 0.75, -0.6, 0.5, 0.3, 0.6, 0.5, 0.45, 0.6, 0.3, 0.55, -0.1, 0.75, -0.15, 0.98,
            -0.15, 0.98, 0.15, 0.9, 0.3, 0.8, 0.7, 0.6, 0.8, 0.3, 0.8, 0, 0.8, -0.5, 0.8, -0.95,
            0.75),
        pencil.accent());
    pencil.stroke(0.72, -0.1, 0.62, -0.45, 0.04, pencil.accent());
    pencil.stroke(0.82, -0.1, 0.92, -0.42, 0.04, pencil.accent());
    pencil.fill(circle(0.62, -0.47, 0.05), pencil.line());
    pencil.fill(circle(0.92, -0.44, 0.05), pencil.line());
    pencil.fill(circle(-0.15, 0.08, shell), pencil.body());
    Path2D spiral = new Path2D.Double();
    double turns = pencil.between(2, 3);
    for (int i = 0; i <= 60; i++) {
      double angle = turns * 2 * Math.PI * i / 60;
      double radius = shell * 0.85 * i / 60;
      double x = -0.15 + radius * Math.cos(angle);
      double y = 0.08 + radius * Math.sin(angle);
      if (i == 0) {
        spiral.moveTo(x, y);
      } else {
        spiral.lineTo(x, y);
      }
    }
    pencil.stroke(spiral, thin, pencil.line());
  }

  static void tree(Pencil pencil) {
    double trunk = pencil.between(0.08, 0.15);
    Color crown = pencil.chance(0.5) ? new Color(40, 120, 50) : pencil.body();
    Color wood = pencil.chance(0.5) ? new Color(110, 75, 45) : pencil.accent();
    pencil.fill(box(-trunk, 0.2, trunk, 0.97), wood);
    if (pencil.chance(0.5)) {
      int tiers = pencil.count(2, 4);
      for (int i = 0; i < tiers; i++) {
        double top = 0.05 - 1.0 * i / tiers;
        double half = 0.7 - 0.4 * i / tiers;
        pencil.fill(polygon(-half, top + 0.45, 0, top - 0.35, half, top + 0.45), crown);
      }
    } else {
      pencil.fill(circle(-0.32, -0.05, pencil.between(0.35, 0.42)), crown);
      pencil.fill(circle(0.32, -0.05, pencil.between(0.35, 0.42)), crown);
      pencil.fill(circle(0, -0.45, pencil.between(0.42, 0.5)), crown);
      pencil.fill(circle(0, 0, 0.4), crown);
    }
  }
}
