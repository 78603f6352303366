package dev.phistream.model;

/** How convolutions are padded; weights are trained with one or the other. */
public enum Padding {
  /** TensorFlow's: ⌈input / stride⌉ outputs, an odd zero goes to the right and the bottom. */
  SAME,
  /** PyTorch's: half the kernel on each side. */
  SYMMETRIC
}
