package dev.phistream.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A layer of a network in its place. Its tensors, its work and its operations all follow from it.
 *
 * @param name unique in the network; prefix of its tensors' names
 * @param kind what it does
 * @param inputs names of earlier layers
 * @param in what its first input holds
 * @param out what it makes
 */
public record Layer(String name, Kind kind, List<String> inputs, Extent in, Extent out) {
  private static final List<String> NORM_TENSORS =
      List.of("weight", "bias", "running_mean", "running_var");

  /** Copies the list. */
  public Layer {
    inputs = List.copyOf(inputs);
  }

  /**
   * Channels of a square image.
   *
   * @param channels at least one
   * @param side in pixels
   */
  public record Extent(int channels, int side) {
    long area() {
      return (long) side * side;
    }
  }

  /** What a layer does. */
  public sealed interface Kind {}

  /** The images. */
  public record Input() implements Kind {}

  /**
   * A convolution.
   *
   * @param norm prefix of the tensors of the batch normalisation after it, or null for a bias
   * @param groups into which both input and output channels are divided
   */
  public record Convolution(@Nullable String norm, int kernel, int stride, int groups)
      implements Kind {}

  /** A function of each value. */
  public record Activate(Activation activation) implements Kind {}

  /** The largest of each window. */
  public record MaxPool(int kernel, int stride) implements Kind {}

  /** The mean of each channel. */
  public record GlobalAveragePool() implements Kind {}

  /** The first input's channels, each times a value of the second. */
  public record ScaleChannels() implements Kind {}

  /** The sum of both inputs. */
  public record Add() implements Kind {}

  /** The classifier. */
  public record Linear() implements Kind {}

  /** Its tensors with their shapes, convolutions in O×I×H×W. */
  Map<String, List<Integer>> tensors() {
    Map<String, List<Integer>> tensors = new LinkedHashMap<>();
    if (kind instanceof Convolution convolution) {
      int side = convolution.kernel();
      tensors.put(
          name + ".weight",
          List.of(out.channels(), in.channels() / convolution.groups(), side, side));
      String norm = convolution.norm();
      if (norm == null) {
        tensors.put(name + ".bias", List.of(out.channels()));
      } else {
        NORM_TENSORS.forEach(part -> tensors.put(norm + "." + part, List.of(out.channels())));
      }
    } else if (kind instanceof Linear) {
      tensors.put(name + ".weight", List.of(out.channels(), in.channels()));
      tensors.put(name + ".bias", List.of(out.channels()));
    }
    return tensors;
  }

  /** Multiply-adds for one image; those of convolutions and classifiers count, as in papers. */
  long flops() {
    if (kind instanceof Convolution convolution) {
      long inputs = (long) in.channels() / convolution.groups();
      return out.area() * out.channels() * inputs * convolution.kernel() * convolution.kernel();
    }
    return kind instanceof Linear ? (long) in.channels() * out.channels() : 0;
  }
}
