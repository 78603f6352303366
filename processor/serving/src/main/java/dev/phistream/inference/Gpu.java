package dev.phistream.inference;

/**
 * A GPU as NVIDIA's driver shows it to this process.
 *
 * @param index its place among the visible ones; {@code CUDA_VISIBLE_DEVICES} and {@code
 *     CUDA_DEVICE_ORDER} have their say
 * @param name such as {@code Tesla T4}
 * @param major of its compute capability
 * @param minor of its compute capability
 */
record Gpu(int index, String name, int major, int minor) {
  ComputeDevice device() {
    return ComputeDevice.gpu(index);
  }

  /** Compute capability as one number, 75 for 7.5. */
  int capability() {
    return 10 * major + minor;
  }

  @Override
  public String toString() {
    return "%s (%s, compute capability %d.%d)".formatted(device().name(), name, major, minor);
  }
}
