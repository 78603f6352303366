package dev.phistream.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A stage of mobile inverted bottlenecks (MBConv), unscaled.
 *
 * @param repeats blocks in the stage; the first has the stride, the others stride 1
 * @param kernel side of the depthwise kernel
 * @param stride of the first block
 * @param expansion width of the depthwise convolution as a multiple of the block's input
 * @param channels output channels
 * @param squeeze width of the squeeze-excite as a fraction of the block's input channels
 */
public record BlockSpec(
    int repeats, int kernel, int stride, int expansion, int channels, double squeeze) {
  private static final Pattern FORM =
      Pattern.compile("r(\\d+)_k(\\d+)_s(\\d+)_e(\\d+)_c(\\d+)_se(0\\.\\d+)");

  /**
   * Reads a stage such as {@code r2_k3_s2_e6_c24_se0.25}, the notation of TensorFlow's
   * EfficientNet.
   *
   * @throws IllegalArgumentException when it is not in this form
   */
  public static BlockSpec parse(String text) {
    Matcher stage = FORM.matcher(text);
    if (!stage.matches()) {
      throw new IllegalArgumentException(
          "stage: " + text + " (expected: the form r2_k3_s2_e6_c24_se0.25)");
    }
    return new BlockSpec(
        Integer.parseInt(stage.group(1)),
        Integer.parseInt(stage.group(2)),
        Integer.parseInt(stage.group(3)),
        Integer.parseInt(stage.group(4)),
        Integer.parseInt(stage.group(5)),
        Double.parseDouble(stage.group(6)));
  }
}
