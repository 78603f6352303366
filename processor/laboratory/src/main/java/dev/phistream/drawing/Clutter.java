package dev.phistream.drawing;

import java.awt.AlphaComposite;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.util.Random;

/** Paints what distracts: loose shapes, and cut-off pieces of other subjects. */
final class Clutter {
  private static final int MOST_SHAPES = 6;
  private static final int MOST_PIECES = 1;
  private static final int MOST_IN_FRONT = 2;

  private final Graphics2D graphics;
  private final Random random;
  private final int width;
  private final int height;

  Clutter(Graphics2D graphics, Random random, int width, int height) {
    this.graphics = graphics;
    this.random = random;
    this.width = width;
    this.height = height;
  }

  /** What lies behind the subject. */
  void behind(Color background) {
    int shapes = random.nextInt(MOST_SHAPES + 1);
    for (int i = 0; i < shapes; i++) {
      shape(0.06 + random.nextDouble() * 0.2);
    }
    int pieces = random.nextInt(MOST_PIECES + 1);
    for (int i = 0; i < pieces; i++) {
      piece(background);
    }
  }

  /** What covers bits of it: thin or small things. */
  void inFront() {
    int shapes = random.nextInt(MOST_IN_FRONT + 1);
    for (int i = 0; i < shapes; i++) {
      shape(0.02 + random.nextDouble() * 0.05);
    }
  }

  private void shape(double size) {
    AffineTransform before = graphics.getTransform();
    place(size);
    graphics.setComposite(
        AlphaComposite.getInstance(AlphaComposite.SRC_OVER, 0.35f + random.nextFloat() * 0.65f));
    Pencil pencil = new Pencil(graphics, Palette.against(Palette.any(random), random), random);
    switch (random.nextInt(5)) {
      case 0 -> pencil.fill(Pencil.ellipse(0, 0, 1, pencil.between(0.3, 1)), pencil.body());
      case 1 -> pencil.fill(Pencil.box(-1, -0.6, 1, 0.6), pencil.body());
      case 2 -> pencil.fill(Pencil.polygon(-1, 0.8, 0.2, -1, 1, 0.7), pencil.body());
      case 3 -> pencil.stroke(Pencil.circle(0, 0, 0.8), pencil.between(0.1, 0.3), pencil.body());
      default -> pencil.stroke(-1.5, -0.3, 1.5, 0.4, pencil.between(0.1, 0.4), pencil.body());
    }
    graphics.setComposite(AlphaComposite.SrcOver);
    graphics.setTransform(before);
  }

  /** Half of another subject at most, and much smaller than the subject. */
  private void piece(Color background) {
    Subject other = Subject.ALL.get(random.nextInt(Subject.ALL.size()));
    AffineTransform before = graphics.getTransform();
    Shape clip = graphics.getClip();
    place(0.1 + random.nextDouble() * 0.08);
    graphics.clip(random.nextBoolean() ? Pencil.box(-1, -1, 0, 1) : Pencil.box(-1, -1, 1, 0));
    other.paint(new Pencil(graphics, Palette.against(background, random), random));
    graphics.setTransform(before);
    graphics.setClip(clip);
  }

  private void place(double size) {
    double scale = size * Math.min(width, height);
    graphics.translate(random.nextDouble() * width, random.nextDouble() * height);
    graphics.rotate(random.nextDouble() * 2 * Math.PI);
    graphics.scale(scale, scale);
  }
}
