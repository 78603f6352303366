package dev.phistream.bench;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;

/**
 * JPEG files that cost as much to decode as photographs of the same size: soft shapes under noise,
 * 640×480 pixels, about 100 kB. The same seed draws the same images.
 */
final class BenchImages {
  private static final int WIDTH = 640;
  private static final int HEIGHT = 480;
  private static final double NOISE = 55;

  private BenchImages() {}

  static List<byte[]> draw(int count, long seed) {
    return draw(count, seed, WIDTH, HEIGHT);
  }

  /** The same in another size. */
  static List<byte[]> draw(int count, long seed, int width, int height) {
    SplittableRandom random = new SplittableRandom(seed);
    List<byte[]> images = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      images.add(jpeg(image(random, width, height)));
    }
    return images;
  }

  private static BufferedImage image(SplittableRandom random, int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    double[] phase = random.doubles(6, 0, 2 * Math.PI).toArray();
    double[] wave = random.doubles(6, 0.004, 0.05).toArray();
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double noise = NOISE * (random.nextDouble() - 0.5);
        int rgb = 0;
        for (int c = 0; c < 3; c++) {
          double value =
              128
                  + 50 * Math.sin(phase[c] + wave[c] * x)
                  + 50 * Math.sin(phase[c + 3] + wave[c + 3] * y)
                  + noise;
          rgb = rgb << 8 | (int) Math.max(0, Math.min(255, value));
        }
        image.setRGB(x, y, rgb);
      }
    }
    return image;
  }

  private static byte[] jpeg(BufferedImage image) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "jpeg", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
