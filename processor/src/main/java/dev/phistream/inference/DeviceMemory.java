package dev.phistream.inference;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Tells failures for want of device memory from others. Engines have no code for it, so that their
 * words must do.
 */
final class DeviceMemory {
  /** In lower case. */
  private static final Set<String> WORDS =
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
          // The C++ runtime, on the CPU.
          "std::bad_alloc");

  private DeviceMemory() {}

  /** Whether an engine's failure, or what caused it, is for want of memory on its device. */
  static boolean isExhausted(Throwable failure) {
    // Bounded, because causes may go in a circle.
    return Stream.iterate(failure, e -> e != null, Throwable::getCause)
        .limit(20)
        .anyMatch(e -> e.getMessage() != null && isExhausted(e.getMessage()));
  }

  private static boolean isExhausted(String message) {
    String lower = message.toLowerCase(Locale.ROOT);
    return WORDS.stream().anyMatch(lower::contains);
  }
}
