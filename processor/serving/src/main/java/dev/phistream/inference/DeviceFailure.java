package dev.phistream.inference;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Tells what is the device's fault from other failures. Engines have no code for it, so that their
 * words must do.
 */
final class DeviceFailure {
  /** What a smaller micro-batch may mend; in lower case. */
  private static final Set<String> TOO_LARGE =
      Set.of(
          // CUDA's text of cudaErrorMemoryAllocation: MXNet's 'cudaMalloc retry failed: out of
          // memory', ONNX Runtime's 'CUDA failure 2: out of memory'.
          "out of memory",
          "cudaerrormemoryallocation",
          "cudnn_status_alloc_failed",
          "cublas_status_alloc_failed",
          // ONNX Runtime's arena, also when gpu.memory-limit stops it.
          "failed to allocate memory for requested buffer",
          "is smaller than requested bytes",
          // cuDNN, of tensors with more than 2^31 elements among others: ONNX Runtime's 'CUDNN
          // failure 3000: CUDNN_STATUS_NOT_SUPPORTED ; expr=cudnnSetTensorNdDescriptor(…)'. What it
          // does not support of a single image either ends the start.
          "cudnn_status_not_supported",
          // The C++ runtime, on the CPU.
          "std::bad_alloc");

  /**
   * CUDA's texts of errors after which "the process must be terminated and relaunched" (CUDA
   * Runtime API, cudaError); in lower case.
   */
  private static final Set<String> BROKEN =
      Set.of(
          "an illegal memory access was encountered",
          "an illegal instruction was encountered",
          "device-side assert triggered",
          "unspecified launch failure",
          "the launch timed out and was terminated",
          "misaligned address",
          "uncorrectable ecc error encountered",
          "uncorrectable nvlink error detected",
          "hardware stack error");

  private DeviceFailure() {}

  /**
   * Whether an engine's failure, or what caused it, is that a batch is too large for its device.
   */
  static boolean isTooLarge(Throwable failure) {
    return says(failure, TOO_LARGE);
  }

  /** Whether the device cannot run anything any more in this process. */
  static boolean isBroken(Throwable failure) {
    return says(failure, BROKEN);
  }

  private static boolean says(Throwable failure, Set<String> words) {
    // Bounded, because causes may go in a circle.
    return Stream.iterate(failure, e -> e != null, Throwable::getCause)
        .limit(20)
        .anyMatch(e -> e.getMessage() != null && says(e.getMessage(), words));
  }

  private static boolean says(String message, Set<String> words) {
    String lower = message.toLowerCase(Locale.ROOT);
    return words.stream().anyMatch(lower::contains);
  }
}
