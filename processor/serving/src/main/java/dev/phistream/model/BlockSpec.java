package dev.phistream.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A stage of a block table, unscaled.
 *
 * @param kind of its blocks
 * @param repeats blocks in the stage; the first has the stride, the others stride 1
 * @param kernel side of the depthwise kernel, or of a bottleneck's
 * @param stride of the first block
 * @param expansion width of the widest convolution: a multiple of an inverted residual's input, or
 *     of a bottleneck's channels
 * @param channels output channels; those within a bottleneck
 * @param squeeze width of the squeeze-excite as a fraction of the block's input channels; 0 for
 *     none
 * @param expandedFrom channels that the expansion multiplies in place of the block's input; 0 for
 *     the block's input
 * @param residual whether blocks that keep the shape add their input
 */
public record BlockSpec(
    BlockKind kind,
    int repeats,
    int kernel,
    int stride,
    int expansion,
    int channels,
    double squeeze,
    int expandedFrom,
    boolean residual) {
  private static final Pattern FORM =
      Pattern.compile(
          "([a-z]+)_r(\\d+)_k(\\d+)_s(\\d+)(?:_e(\\d+))?_c(\\d+)(?:_fc(\\d+))?(?:_se(0\\.\\d+))?(?:_((?:no)?skip))?");
  private static final String SKIP = "skip";
  private static final String NO_SKIP = "noskip";

  /**
   * Reads a stage such as {@code ir_r2_k3_s2_e6_c24_se0.25}, timm's notation; {@code e} may be
   * absent for 1, {@code se} for none. {@code fc24} expands 24 channels whatever the input has.
   * {@code noskip} at the end leaves the sum with the input out; {@code cn} blocks have none
   * without {@code skip}.
   *
   * @throws IllegalArgumentException when it is not in this form
   */
  public static BlockSpec parse(String text) {
    Matcher stage = FORM.matcher(text);
    BlockKind kind = stage.matches() ? BlockKind.find(stage.group(1)).orElse(null) : null;
    if (kind == null) {
      throw new IllegalArgumentException(
          "stage: " + text + " (expected: the form ir_r2_k3_s2_e6_c24_se0.25)");
    }
    return new BlockSpec(
        kind,
        Integer.parseInt(stage.group(2)),
        Integer.parseInt(stage.group(3)),
        Integer.parseInt(stage.group(4)),
        stage.group(5) == null ? 1 : Integer.parseInt(stage.group(5)),
        Integer.parseInt(stage.group(6)),
        stage.group(8) == null ? 0 : Double.parseDouble(stage.group(8)),
        stage.group(7) == null ? 0 : Integer.parseInt(stage.group(7)),
        kind == BlockKind.CONVOLUTION
            ? SKIP.equals(stage.group(9))
            : !NO_SKIP.equals(stage.group(9)));
  }

  /** The blocks in the notation's words, without repeats and channels, which scale. */
  String blocks() {
    return "%s_k%d_s%d%s%s"
        .formatted(
            kind.notation(),
            kernel,
            stride,
            expansion == 1 ? "" : "_e" + expansion,
            squeeze == 0 ? "" : "_se" + squeeze);
  }
}
