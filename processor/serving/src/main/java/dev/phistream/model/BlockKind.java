package dev.phistream.model;

import java.util.Arrays;
import java.util.Optional;

/** Kinds of blocks, with the names that timm's block tables give them. */
public enum BlockKind {
  /** Depthwise convolution, then a 1×1 convolution without activation; adds its input. */
  DEPTHWISE_SEPARABLE("ds"),
  /** The same with an activation at the end and without the sum: MobileNetV1's. */
  DEPTHWISE_SEPARABLE_ACTIVATED("dsa"),
  /** 1×1 to expand, depthwise, 1×1 without activation to project; adds its input. */
  INVERTED_RESIDUAL("ir"),
  /**
   * A full K×K convolution with activation; adds its input after the activation where the table
   * says so: the first stage of EfficientNetV2.
   */
  CONVOLUTION("cn"),
  /**
   * A full K×K convolution to expand, 1×1 without activation to project; adds its input.
   * EfficientNetV2 calls it Fused-MBConv.
   */
  EDGE_RESIDUAL("er"),
  /**
   * ResNet's: 1×1 to the stage's channels, a full K×K convolution with the stride, 1×1 to
   * <em>expansion</em> times the channels; adds its input, projected where shapes differ, and then
   * activates. timm builds ResNets without a table; the name is ours.
   */
  BOTTLENECK("bt");

  private final String notation;

  BlockKind(String notation) {
    this.notation = notation;
  }

  /** Its name in a block table. */
  public String notation() {
    return notation;
  }

  static Optional<BlockKind> find(String notation) {
    return Arrays.stream(values()).filter(kind -> kind.notation.equals(notation)).findFirst();
  }
}
