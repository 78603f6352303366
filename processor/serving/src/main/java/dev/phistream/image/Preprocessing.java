package dev.phistream.image;

import java.util.List;

/**
 * What a weight set expects done to a image before it enters the network: bicubic resize of the
 * short edge to {@code floor(size / cropFraction)}, centre crop to {@code size} × {@code size}, and
 * {@code (value / 255 - mean) / std} per channel. {@link Preprocessor} does the first two; the
 * normalisation belongs to the network's graph.
 *
 * @param size edge of the network's input, in pixels
 * @param cropFraction part of the resized short edge that the crop keeps, above 0 and at most 1
 * @param mean per channel red, green, blue, in units of 0 to 1
 * @param std per channel red, green, blue, in units of 0 to 1
 */
public record Preprocessing(int size, double cropFraction, List<Float> mean, List<Float> std) {
  private static final List<Float> IMAGENET_MEAN = List.of(0.485f, 0.456f, 0.406f);
  private static final List<Float> IMAGENET_STD = List.of(0.229f, 0.224f, 0.225f);

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if a value is out of its range or a list has not three values
   */
  public Preprocessing {
    if (size < 1) {
      throw new IllegalArgumentException("size: " + size + " (expected: > 0)");
    }
    if (!(cropFraction > 0 && cropFraction <= 1)) {
      throw new IllegalArgumentException(
          "cropFraction: " + cropFraction + " (expected: > 0 and <= 1)");
    }
    if (mean.size() != 3 || std.size() != 3) {
      throw new IllegalArgumentException(
          "mean, std: " + mean + ", " + std + " (expected: three values each)");
    }
    if (!std.stream().allMatch(value -> value > 0)) {
      throw new IllegalArgumentException("std: " + std + " (expected: > 0)");
    }
    mean = List.copyOf(mean);
    std = List.copyOf(std);
  }

  /** ImageNet's usual mean and standard deviation with a size and crop. */
  public static Preprocessing imagenet(int size, double cropFraction) {
    return new Preprocessing(size, cropFraction, IMAGENET_MEAN, IMAGENET_STD);
  }

  /** Length to which the short edge is resized before the crop, in pixels. */
  public int resizedShortEdge() {
    return (int) Math.floor(size / cropFraction);
  }
}
