package dev.phistream.model;

import java.util.Locale;

/** What is applied to each value after a layer. */
public enum Activation {
  /** x · sigmoid(x). */
  SWISH,
  /** max(x, 0). */
  RELU,
  /** min(max(x, 0), 6). */
  RELU6,
  /** 1 / (1 + exp(-x)), the gate of a squeeze-excite. */
  SIGMOID;

  /** The operation that computes it. */
  Op op() {
    return switch (this) {
      case SWISH -> new Op.Swish();
      case RELU -> new Op.Relu();
      case RELU6 -> new Op.Clip(0, 6);
      case SIGMOID -> new Op.Sigmoid();
    };
  }

  /** Its name in tables and in names of layers. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
