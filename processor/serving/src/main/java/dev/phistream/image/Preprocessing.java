package dev.phistream.image;

import java.util.List;
import java.util.Objects;

/**
 * What a weight set expects done to a image before it enters the network: resize of the short edge,
 * or of both, to {@code floor(size / cropFraction)}, centre crop to {@code size} × {@code size},
 * and {@code (value / 255 - mean) / std} per channel. {@link Preprocessor} does the first two; the
 * normalisation belongs to the network's graph.
 *
 * @param size edge of the network's input, in pixels, at most 1024
 * @param cropFraction part of the resized short edge that the crop keeps, 0.1 to 1
 * @param mean per channel red, green, blue, in units of 0 to 1
 * @param std per channel red, green, blue, in units of 0 to 1
 * @param interpolation filter of the resize; a file may leave it out for bicubic
 * @param resizeMode which edges are resized; a file may leave it out for the short one
 */
public record Preprocessing(
    int size,
    double cropFraction,
    List<Float> mean,
    List<Float> std,
    Interpolation interpolation,
    ResizeMode resizeMode) {
  private static final int MOST_PIXELS = 1024;
  private static final double LEAST_CROP = 0.1;
  private static final float LEAST_STD = 1e-4f;
  private static final float MOST = 1e4f;
  private static final List<Float> IMAGENET_MEAN = List.of(0.485f, 0.456f, 0.406f);
  private static final List<Float> IMAGENET_STD = List.of(0.229f, 0.224f, 0.225f);

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if a value is out of its range or a list has not three values
   */
  public Preprocessing {
    if (size < 1 || size > MOST_PIXELS) {
      throw new IllegalArgumentException(
          "size: %d (expected: 1 to %d)".formatted(size, MOST_PIXELS));
    }
    if (!(cropFraction >= LEAST_CROP && cropFraction <= 1)) {
      throw new IllegalArgumentException(
          "cropFraction: %s (expected: %s to 1)".formatted(cropFraction, LEAST_CROP));
    }
    if (mean.size() != 3 || std.size() != 3) {
      throw new IllegalArgumentException(
          "mean, std: " + mean + ", " + std + " (expected: three values each)");
    }
    if (!mean.stream().allMatch(value -> Math.abs(value) <= MOST)) {
      throw new IllegalArgumentException(
          "mean: %s (expected: -%s to %s)".formatted(mean, MOST, MOST));
    }
    if (!std.stream().allMatch(value -> value >= LEAST_STD && value <= MOST)) {
      throw new IllegalArgumentException(
          "std: %s (expected: %s to %s)".formatted(std, LEAST_STD, MOST));
    }
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    interpolation = Objects.requireNonNullElse(interpolation, Interpolation.BICUBIC);
    resizeMode = Objects.requireNonNullElse(resizeMode, ResizeMode.SHORT_EDGE);
  }

  /** Bicubic resize of the short edge. */
  public Preprocessing(int size, double cropFraction, List<Float> mean, List<Float> std) {
    this(size, cropFraction, mean, std, Interpolation.BICUBIC, ResizeMode.SHORT_EDGE);
  }

  /** The same for another size of the network's input. */
  public Preprocessing sized(int newSize, double newCropFraction) {
    return new Preprocessing(newSize, newCropFraction, mean, std, interpolation, resizeMode);
  }

  /** The same with another normalisation. */
  public Preprocessing normalised(List<Float> newMean, List<Float> newStd) {
    return new Preprocessing(size, cropFraction, newMean, newStd, interpolation, resizeMode);
  }

  /** The same with another resize. */
  public Preprocessing resized(Interpolation filter, ResizeMode mode) {
    return new Preprocessing(size, cropFraction, mean, std, filter, mode);
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
