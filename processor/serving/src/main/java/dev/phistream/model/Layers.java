package dev.phistream.model;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects the layers of a network, stage by stage. */
final class Layers {
  private final List<Layer> layers = new ArrayList<>();
  private final List<Stage> stages = new ArrayList<>();

  /** Closes a stage: the layers since the one before. */
  void endStage(String name, String blocks, int repeats) {
    stages.add(new Stage(name, blocks, repeats, layers));
    layers.clear();
  }

  List<Stage> stages() {
    return stages;
  }

  Layer input(int channels, int side) {
    Layer.Extent extent = new Layer.Extent(channels, side);
    return add(new Layer("data", new Layer.Input(), List.of(), extent, extent));
  }

  /** A convolution with batch normalisation. */
  Layer convolution(String name, String norm, int out, int kernel, int stride, Layer x) {
    return convolution(name, norm, out, kernel, stride, 1, x);
  }

  /** A convolution of each channel by itself, with batch normalisation. */
  Layer depthwise(String name, String norm, int kernel, int stride, Layer x) {
    int channels = x.out().channels();
    return convolution(name, norm, channels, kernel, stride, channels, x);
  }

  private Layer convolution(
      String name, @Nullable String norm, int out, int kernel, int stride, int groups, Layer x) {
    Layer.Kind kind = new Layer.Convolution(norm, kernel, stride, groups);
    return add(name, kind, new Layer.Extent(out, reduced(x, stride)), x);
  }

  Layer activation(String name, Activation activation, Layer x) {
    return add(name + "." + activation.label(), new Layer.Activate(activation), x.out(), x);
  }

  Layer maxPool(String name, int kernel, int stride, Layer x) {
    Layer.Extent out = new Layer.Extent(x.out().channels(), reduced(x, stride));
    return add(name, new Layer.MaxPool(kernel, stride), out, x);
  }

  Layer globalPool(String name, Layer x) {
    Layer.Extent out = new Layer.Extent(x.out().channels(), 1);
    return add(name, new Layer.GlobalAveragePool(), out, x);
  }

  /** Squeeze-excite: each channel times a gate that all of them together decide. */
  Layer squeezeExcite(String name, int squeezed, Activation activation, Layer x) {
    Layer gate = globalPool(name + ".pool", x);
    gate = convolution(name + ".conv_reduce", null, squeezed, 1, 1, 1, gate);
    gate = activation(name + ".conv_reduce", activation, gate);
    gate = convolution(name + ".conv_expand", null, x.out().channels(), 1, 1, 1, gate);
    gate = add(name + ".gate", new Layer.Activate(Activation.SIGMOID), gate.out(), gate);
    return add(name + ".scale", new Layer.ScaleChannels(), x.out(), x, gate);
  }

  Layer sum(String name, Layer x, Layer shortcut) {
    return add(name, new Layer.Add(), x.out(), x, shortcut);
  }

  Layer linear(String name, int out, Layer x) {
    return add(name, new Layer.Linear(), new Layer.Extent(out, 1), x);
  }

  private Layer add(String name, Layer.Kind kind, Layer.Extent out, Layer... inputs) {
    List<String> names = List.of(inputs).stream().map(Layer::name).toList();
    return add(new Layer(name, kind, names, inputs[0].out(), out));
  }

  private Layer add(Layer layer) {
    layers.add(layer);
    return layer;
  }

  private static int reduced(Layer x, int stride) {
    return (x.out().side() + stride - 1) / stride;
  }
}
