package dev.phistream.testkit;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.ImageIO;

/** Small pictures; the same seed gives the same bytes. */
public final class Pictures {
  private static final int EDGE = 120;
  private static final int SHAPES = 12;

  private Pictures() {}

  /** A JPEG file of a few kilobytes. */
  public static byte[] jpeg(long seed) {
    Random random = new Random(seed);
    BufferedImage image = new BufferedImage(EDGE, EDGE, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    for (int i = 0; i < SHAPES; i++) {
      graphics.setColor(new Color(random.nextInt(0x1000000)));
      graphics.fillOval(
          random.nextInt(EDGE), random.nextInt(EDGE), random.nextInt(EDGE), random.nextInt(EDGE));
    }
    graphics.dispose();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "jpeg", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** A JPEG file that ends in the middle of its picture. */
  public static byte[] cutOff(long seed) {
    byte[] whole = jpeg(seed);
    return Arrays.copyOf(whole, whole.length / 2);
  }
}
