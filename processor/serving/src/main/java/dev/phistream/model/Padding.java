package dev.phistream.model;

/** How convolutions and pools are padded; weights are trained with one or the other. */
public enum Padding {
  /** TensorFlow's: ⌈input / stride⌉ outputs, an odd zero goes to the right and the bottom. */
  SAME,
  /** PyTorch's: half the kernel on each side. */
  SYMMETRIC;

  /** Rows above and columns to the left of an input. */
  int before(int side, int kernel, int stride) {
    return this == SYMMETRIC ? kernel / 2 : total(side, kernel, stride) / 2;
  }

  /** Rows below and columns to the right of an input: as many as before, or one more. */
  int after(int side, int kernel, int stride) {
    return this == SYMMETRIC ? kernel / 2 : (total(side, kernel, stride) + 1) / 2;
  }

  private static int total(int side, int kernel, int stride) {
    return Math.max(((side + stride - 1) / stride - 1) * stride + kernel - side, 0);
  }
}
