package dev.phistream.model;

/**
 * One block of a scaled network.
 *
 * @param name prefix of its layers' names
 * @param spec the stage that it belongs to, unscaled
 * @param channels scaled ones
 * @param expandedFrom scaled channels that the expansion multiplies; 0 for those of the input
 * @param stride of this block
 * @param activation between its convolutions
 */
record Block(
    String name,
    BlockSpec spec,
    int channels,
    int expandedFrom,
    int stride,
    Activation activation) {
  /** Adds its layers after {@code x}; returns the last. */
  Layer addTo(Layers layers, Layer x) {
    return switch (spec.kind()) {
      case DEPTHWISE_SEPARABLE -> withInput(layers, depthwiseSeparable(layers, x), x);
      case DEPTHWISE_SEPARABLE_ACTIVATED ->
          layers.activation(name + ".conv_pw", activation, depthwiseSeparable(layers, x));
      case INVERTED_RESIDUAL -> withInput(layers, invertedResidual(layers, x), x);
      case CONVOLUTION -> withInput(layers, convolution(layers, x), x);
      case EDGE_RESIDUAL -> withInput(layers, edgeResidual(layers, x), x);
      case BOTTLENECK -> bottleneck(layers, x);
    };
  }

  private Layer depthwiseSeparable(Layers layers, Layer input) {
    Layer x = depthwise(layers, "bn1", input.out().channels(), input);
    return layers.convolution(name + ".conv_pw", name + ".bn2", channels, 1, 1, x);
  }

  private Layer invertedResidual(Layers layers, Layer input) {
    int in = input.out().channels();
    String expand = name + ".conv_pw";
    Layer x = layers.convolution(expand, name + ".bn1", in * spec.expansion(), 1, 1, input);
    x = layers.activation(expand, activation, x);
    x = depthwise(layers, "bn2", in, x);
    return layers.convolution(name + ".conv_pwl", name + ".bn3", channels, 1, 1, x);
  }

  private Layer convolution(Layers layers, Layer input) {
    String convolution = name + ".conv";
    Layer x =
        layers.convolution(convolution, name + ".bn1", channels, spec.kernel(), stride, input);
    return layers.activation(convolution, activation, x);
  }

  private Layer edgeResidual(Layers layers, Layer input) {
    int in = input.out().channels();
    int expanded = (expandedFrom > 0 ? expandedFrom : in) * spec.expansion();
    String expand = name + ".conv_exp";
    Layer x = layers.convolution(expand, name + ".bn1", expanded, spec.kernel(), stride, input);
    x = layers.activation(expand, activation, x);
    x = squeezed(layers, in, x);
    return layers.convolution(name + ".conv_pwl", name + ".bn2", channels, 1, 1, x);
  }

  /** The depthwise convolution and what gates it. */
  private Layer depthwise(Layers layers, String norm, int blockInput, Layer input) {
    String depthwise = name + ".conv_dw";
    Layer x = layers.depthwise(depthwise, name + "." + norm, spec.kernel(), stride, input);
    x = layers.activation(depthwise, activation, x);
    return squeezed(layers, blockInput, x);
  }

  private Layer squeezed(Layers layers, int blockInput, Layer x) {
    if (spec.squeeze() == 0) {
      return x;
    }
    int squeezed = Math.max(1, (int) (blockInput * spec.squeeze()));
    return layers.squeezeExcite(name + ".se", squeezed, activation, x);
  }

  private Layer bottleneck(Layers layers, Layer input) {
    int out = channels * spec.expansion();
    Layer x = layers.convolution(name + ".conv1", name + ".bn1", channels, 1, 1, input);
    x = layers.activation(name + ".conv1", activation, x);
    x = layers.convolution(name + ".conv2", name + ".bn2", channels, spec.kernel(), stride, x);
    x = layers.activation(name + ".conv2", activation, x);
    x = layers.convolution(name + ".conv3", name + ".bn3", out, 1, 1, x);
    Layer shortcut = input;
    if (!x.out().equals(input.out())) {
      String projection = name + ".downsample";
      shortcut = layers.convolution(projection + ".0", projection + ".1", out, 1, stride, input);
    }
    return layers.activation(name + ".add", activation, layers.sum(name + ".add", x, shortcut));
  }

  private Layer withInput(Layers layers, Layer x, Layer input) {
    boolean sum = spec.residual() && stride == 1 && x.out().equals(input.out());
    return sum ? layers.sum(name + ".add", x, input) : x;
  }
}
