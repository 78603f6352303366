package dev.phistream.inference;

import java.util.OptionalLong;

/**
 * How runners use GPUs.
 *
 * @param maxBatch most images that a runner will be given at once; engines prepare for sizes up to
 *     it
 * @param memoryLimit bytes that each runner may take of its GPU for tensors; ONNX Runtime alone
 *     keeps one
 * @param tf32 whether products may be rounded to TensorFloat-32, which is faster and keeps logits
 *     to a few thousandths only; ONNX Runtime alone has the choice
 */
public record GpuSettings(int maxBatch, OptionalLong memoryLimit, boolean tf32) {
  /** Checks the size. */
  public GpuSettings {
    if (maxBatch < 1) {
      throw new IllegalArgumentException("maxBatch: %d (expected: >= 1)".formatted(maxBatch));
    }
  }

  /** Batches up to a size, with all the memory and in full precision. */
  public static GpuSettings upTo(int maxBatch) {
    return new GpuSettings(maxBatch, OptionalLong.empty(), false);
  }
}
