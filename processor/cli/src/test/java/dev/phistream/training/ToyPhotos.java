package dev.phistream.training;

import dev.phistream.testkit.EncodedImages;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Seeded images of three classes that small networks can tell apart; no two look alike. */
public final class ToyPhotos {
  /** Names of the classes. */
  public static final List<String> CLASSES = List.of("checks", "lines", "rings");

  private static final int SIDE = 64;

  private ToyPhotos() {}

  /** An image of a class. */
  public static BufferedImage draw(int label, int width, int height, long seed) {
    Random random = new Random(seed * 31 + label);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(colour(random, 0.35f));
    graphics.fillRect(0, 0, width, height);
    for (int i = 0; i < 6; i++) {
      graphics.setColor(colour(random, 0.5f));
      graphics.fillRect(random.nextInt(width), random.nextInt(height), width / 4, height / 5);
    }
    graphics.setColor(colour(random, 1));
    int step = 8 + random.nextInt(4);
    int from = random.nextInt(step);
    for (int at = from; at < Math.max(width, height); at += step) {
      switch (label) {
        case 0 -> {
          for (int y = from; y < height; y += step) {
            graphics.fillRect(at, y, step / 2, step / 2);
          }
        }
        case 1 -> graphics.fillRect(0, at, width, step / 3);
        default -> graphics.drawOval(width / 2 - at / 2, height / 2 - at / 2, at, at);
      }
    }
    graphics.dispose();
    return image;
  }

  private static Color colour(Random random, float brightness) {
    return Color.getHSBColor(
        random.nextFloat(), 0.7f, brightness * (0.7f + 0.3f * random.nextFloat()));
  }

  /** An image as a JPEG file. */
  public static byte[] jpeg(int label, long seed) {
    return EncodedImages.encoded(draw(label, SIDE, SIDE, seed), "jpeg");
  }

  /** Writes a folder for each class. */
  public static void write(Path place, int each, long seed) throws IOException {
    for (int label = 0; label < CLASSES.size(); label++) {
      Path folder = Files.createDirectories(place.resolve(CLASSES.get(label)));
      for (int i = 0; i < each; i++) {
        Files.write(folder.resolve(i + ".jpg"), jpeg(label, seed + i));
      }
    }
  }
}
