package dev.phistream.drawing;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.util.Random;

/**
 * What a camera does to a image: uneven light, exposure and contrast, blur, grain. Blur and grain
 * are measured in parts of the image, so that images of all sizes look alike.
 */
final class Camera {
  private static final double BLUR = 1 / 110.0;
  private static final int GRAINS = 220;
  private static final double MOST_GRAIN = 18;

  private final Random random;

  Camera(Random random) {
    this.random = random;
  }

  /** Changes a image of type {@link BufferedImage#TYPE_INT_RGB}. */
  void take(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
    float[] planes = planes(pixels);
    int radius = (int) Math.round(random.nextDouble() * BLUR * Math.min(width, height));
    if (radius > 0) {
      for (int plane = 0; plane < 3; plane++) {
        blur(planes, plane * pixels.length, width, height, radius);
      }
    }
    light(planes, width, height);
    grain(planes, width, height);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] =
          clamp(planes[i]) << 16
              | clamp(planes[i + pixels.length]) << 8
              | clamp(planes[i + 2 * pixels.length]);
    }
  }

  private static float[] planes(int[] pixels) {
    int size = pixels.length;
    float[] planes = new float[3 * size];
    for (int i = 0; i < size; i++) {
      planes[i] = pixels[i] >> 16 & 0xff;
      planes[i + size] = pixels[i] >> 8 & 0xff;
      planes[i + 2 * size] = pixels[i] & 0xff;
    }
    return planes;
  }

  /** A box blur, along rows and then along columns. */
  private static void blur(float[] planes, int from, int width, int height, int radius) {
    float[] line = new float[Math.max(width, height)];
    for (int y = 0; y < height; y++) {
      blurLine(planes, from + y * width, 1, width, radius, line);
    }
    for (int x = 0; x < width; x++) {
      blurLine(planes, from + x, width, height, radius, line);
    }
  }

  private static void blurLine(
      float[] values, int from, int step, int length, int radius, float[] line) {
    float sum = 0;
    for (int i = -radius; i <= radius; i++) {
      sum += values[from + step * Math.max(0, Math.min(length - 1, i))];
    }
    for (int i = 0; i < length; i++) {
      line[i] = sum / (2 * radius + 1);
      sum += values[from + step * Math.min(length - 1, i + radius + 1)];
      sum -= values[from + step * Math.max(0, i - radius)];
    }
    for (int i = 0; i < length; i++) {
      values[from + step * i] = line[i];
    }
  }

  private void light(float[] planes, int width, int height) {
    double exposure = 0.7 + random.nextDouble() * 0.55;
    double contrast = 0.6 + random.nextDouble() * 0.5;
    double angle = random.nextDouble() * 2 * Math.PI;
    double slope = random.nextDouble() * 0.8;
    double dx = Math.cos(angle) * slope / width;
    double dy = Math.sin(angle) * slope / height;
    double[] tint = {tint(), tint(), tint()};
    int size = width * height;
    for (int plane = 0; plane < 3; plane++) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          int at = plane * size + y * width + x;
          double local = exposure * (1 + (x - width / 2) * dx + (y - height / 2) * dy);
          planes[at] = (float) ((128 + contrast * (planes[at] - 128)) * local * tint[plane]);
        }
      }
    }
  }

  private double tint() {
    return 0.88 + random.nextDouble() * 0.24;
  }

  private void grain(float[] planes, int width, int height) {
    double strength = random.nextDouble() * random.nextDouble() * MOST_GRAIN;
    int cell = Math.max(1, Math.round((float) Math.min(width, height) / GRAINS));
    int size = width * height;
    // Independent of the image's size, so that everything drawn later stays the same.
    Random grains = new Random(random.nextLong());
    int columns = (width + cell - 1) / cell;
    float[] noise = new float[columns];
    for (int y = 0; y < height; y++) {
      if (y % cell == 0) {
        for (int i = 0; i < columns; i++) {
          // The sum of three uniform numbers is near enough to normal, and cheap.
          noise[i] =
              (float)
                  (strength
                      * 2
                      * (grains.nextFloat() + grains.nextFloat() + grains.nextFloat() - 1.5));
        }
      }
      for (int x = 0; x < width; x++) {
        float value = noise[x / cell];
        int at = y * width + x;
        planes[at] += value;
        planes[at + size] += value;
        planes[at + 2 * size] += value;
      }
    }
  }

  private static int clamp(float value) {
    return Math.max(0, Math.min(255, Math.round(value)));
  }
}
