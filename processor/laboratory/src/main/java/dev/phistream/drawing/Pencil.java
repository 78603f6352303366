package dev.phistream.drawing;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Arc2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.util.Random;

/**
 * Draws shapes in one style: shaded or flat, outlined or not. Coordinates are the subject's, -1 to
 * 1.
 */
final class Pencil {
  private final Graphics2D graphics;
  private final Palette palette;
  private final Random random;
  private final double outline;
  private final double shading;

  Pencil(Graphics2D graphics, Palette palette, Random random) {
    this.graphics = graphics;
    this.palette = palette;
    this.random = random;
    outline = random.nextInt(3) == 0 ? 0 : between(0.015, 0.05);
    shading = random.nextInt(3) == 0 ? 0 : between(0.1, 0.45);
  }

  Color body() {
    return palette.body();
  }

  Color accent() {
    return palette.accent();
  }

  Color light() {
    return palette.light();
  }

  Color line() {
    return palette.line();
  }

  double between(double low, double high) {
    return low + random.nextDouble() * (high - low);
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  int count(int least, int most) {
    return least + random.nextInt(most - least + 1);
  }

  /** Fills a shape and outlines it, if this pencil does. */
  void fill(Shape shape, Color color) {
    Rectangle2D bounds = shape.getBounds2D();
    Color dark = Palette.mix(color, Color.BLACK, shading);
    graphics.setPaint(
        new GradientPaint(
            (float) bounds.getMinX(),
            (float) bounds.getMinY(),
            color,
            (float) bounds.getMaxX() + 0.01f,
            (float) bounds.getMaxY() + 0.01f,
            dark));
    graphics.fill(shape);
    if (outline > 0) {
      stroke(shape, outline, palette.line());
    }
  }

  /** Draws along a shape. */
  void stroke(Shape shape, double width, Color color) {
    graphics.setPaint(color);
    graphics.setStroke(
        new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    graphics.draw(shape);
  }

  void stroke(double x1, double y1, double x2, double y2, double width, Color color) {
    stroke(new Line2D.Double(x1, y1, x2, y2), width, color);
  }

  /** Draws with the origin moved to a point and turned, in degrees clockwise. */
  void at(double x, double y, double degrees, Runnable drawing) {
    AffineTransform before = graphics.getTransform();
    graphics.translate(x, y);
    graphics.rotate(Math.toRadians(degrees));
    drawing.run();
    graphics.setTransform(before);
  }

  static Shape circle(double x, double y, double radius) {
    return ellipse(x, y, radius, radius);
  }

  static Shape ellipse(double x, double y, double radiusX, double radiusY) {
    return new Ellipse2D.Double(x - radiusX, y - radiusY, 2 * radiusX, 2 * radiusY);
  }

  static Shape box(double left, double top, double right, double bottom) {
    return new Rectangle2D.Double(left, top, right - left, bottom - top);
  }

  static Shape roundBox(double left, double top, double right, double bottom, double corner) {
    return new RoundRectangle2D.Double(left, top, right - left, bottom - top, corner, corner);
  }

  /** Part of an ellipse's line; angles in degrees, anticlockwise from the right. */
  static Shape arc(
      double x, double y, double radiusX, double radiusY, double start, double extent) {
    return new Arc2D.Double(
        x - radiusX, y - radiusY, 2 * radiusX, 2 * radiusY, start, extent, Arc2D.OPEN);
  }

  /** A closed polygon through x, y pairs. */
  static Shape polygon(double... points) {
    Path2D path = new Path2D.Double();
    path.moveTo(points[0], points[1]);
    for (int i = 2; i < points.length; i += 2) {
      path.lineTo(points[i], points[i + 1]);
    }
    path.closePath();
    return path;
  }

  /** A closed smooth line: a start, then two control points and an end for each curve. */
  static Shape curve(double... points) {
    Path2D path = new Path2D.Double();
    path.moveTo(points[0], points[1]);
    for (int i = 2; i < points.length; i += 6) {
      path.curveTo(
          points[i], points[i + 1], points[i + 2], points[i + 3], points[i + 4], points[i + 5]);
    }
    path.closePath();
    return path;
  }
}
