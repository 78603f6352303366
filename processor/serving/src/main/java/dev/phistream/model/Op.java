package dev.phistream.model;

import org.jspecify.annotations.Nullable;

/** An operation of a graph. Images are N×C×H×W float32 from the first one on. */
public sealed interface Op {
  /** What is fed to a graph. */
  enum InputType {
    /** Pixels, N×3×H×W uint8. */
    PIXELS,
    /** Pixels that are normalised already, N×3×H×W float32. */
    NORMALISED
  }

  /** The graph's input. */
  record Input(InputType type) implements Op {}

  /** Makes float32 of uint8. */
  record ToFloat() implements Op {}

  /**
   * A convolution.
   *
   * @param weight O×(I/groups)×K×K
   * @param bias O values, or null for none
   * @param padding zeros on each side
   */
  record Convolution(Tensor weight, @Nullable Tensor bias, int stride, int padding, int groups)
      implements Op {}

  /**
   * Batch normalisation as training needs it: over the batch, while it follows mean and variance.
   *
   * @param gamma scale, C values
   * @param beta offset, C values
   * @param mean running mean, C values
   * @param variance running variance, C values
   * @param eps added to variances
   */
  record BatchNorm(Tensor gamma, Tensor beta, Tensor mean, Tensor variance, double eps)
      implements Op {}

  /**
   * Zeroes values at random in training, and does nothing else.
   *
   * @param rate part of the values
   */
  record Dropout(double rate) implements Op {}

  /**
   * Zeroes all values of some images in training, scales those of the others up in turn, and does
   * nothing else.
   *
   * @param rate part of the images
   */
  record DropBranch(double rate) implements Op {}

  /** x · sigmoid(x). */
  record Swish() implements Op {}

  /** max(x, 0). */
  record Relu() implements Op {}

  /** min(max(x, least), most); ReLU6 is from 0 to 6. */
  record Clip(double least, double most) implements Op {}

  /** 1 / (1 + exp(-x)). */
  record Sigmoid() implements Op {}

  /**
   * The largest of each K×K window. What is padded never is the largest.
   *
   * @param kernel K
   * @param before rows above and columns to the left that are padded
   * @param after rows below and columns to the right that are padded: as many, or one more
   */
  record MaxPool(int kernel, int stride, int before, int after) implements Op {
    /** Checks the padding. */
    public MaxPool {
      if (after != before && after != before + 1) {
        throw new IllegalArgumentException(
            "after: %d (expected: %d or %d, with as many before)"
                .formatted(after, before, before + 1));
      }
    }
  }

  /** N×C×H×W to N×C×1×1. */
  record GlobalAveragePool() implements Op {}

  /** N×C×H×W times N×C×1×1. */
  record ScaleChannels() implements Op {}

  /** x · sigmoid(z), value by value, of x and z of the same shape; see {@link OneDnnGraph}. */
  record Gate() implements Op {}

  /** N×C×1×1 to N×C×H×W with H and W of {@code side}: each value all over its map. */
  record Spread(int side) implements Op {}

  /**
   * Rounds to the nearest of the 256 values {@code scale · (q - zero)} with q from 0 to 255.
   *
   * @param scale greater than 0
   * @param zero the q that is 0
   */
  record Round(float scale, int zero) implements Op {}

  /** The sum of two of the same shape. */
  record Add() implements Op {}

  /**
   * A linear layer on N×C×1×1.
   *
   * @param weight classes × C
   * @param bias as many as classes
   */
  record Linear(Tensor weight, Tensor bias) implements Op {}
}
