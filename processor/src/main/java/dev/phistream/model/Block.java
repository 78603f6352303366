package dev.phistream.model;

/**
 * One MBConv block of a scaled network.
 *
 * @param name prefix of its tensors' names
 * @param kernel side of the depthwise kernel
 * @param stride of the depthwise convolution
 * @param in input channels
 * @param expanded channels of the depthwise convolution
 * @param squeezed channels of the squeeze-excite
 * @param out output channels
 */
public record Block(
    String name, int kernel, int stride, int in, int expanded, int squeezed, int out) {
  /** Whether a 1×1 convolution expands the input first. */
  public boolean expands() {
    return expanded != in;
  }

  /** Whether the input is added to the output. */
  public boolean skips() {
    return stride == 1 && in == out;
  }

  /** Name of the expanding convolution; its batch normalisation is {@code bn1}. */
  public String expandName() {
    return name + ".conv_pw";
  }

  /** Name of the depthwise convolution. */
  public String depthwiseName() {
    return name + ".conv_dw";
  }

  /** Name of the batch normalisation after the depthwise convolution. */
  public String depthwiseNormName() {
    return name + (expands() ? ".bn2" : ".bn1");
  }

  /** Name of the batch normalisation after the expanding convolution. */
  public String expandNormName() {
    return name + ".bn1";
  }

  /** Name of the first squeeze-excite convolution. */
  public String squeezeName() {
    return name + ".se.conv_reduce";
  }

  /** Name of the second squeeze-excite convolution. */
  public String exciteName() {
    return name + ".se.conv_expand";
  }

  /** Name of the projecting convolution. */
  public String projectName() {
    return name + (expands() ? ".conv_pwl" : ".conv_pw");
  }

  /** Name of the batch normalisation after the projection. */
  public String projectNormName() {
    return name + (expands() ? ".bn3" : ".bn2");
  }
}
