package dev.phistream.inference;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceFailureTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "MXNetError: cudaMalloc retry failed: out of memory",
        "MXNetError: Check failed: e == CUDNN_STATUS_SUCCESS (2 vs. 0) : cuDNN: CUDNN_STATUS_ALLOC_FAILED",
        "CUDA failure 2: out of memory ; GPU=0 ; expr=cudaMalloc((void**)&p, size);",
        "BFCArena::AllocateRawInternal Failed to allocate memory for requested buffer of size 4294967296",
        "Available memory of 1048576 is smaller than requested bytes of 2097152",
        "CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED",
        "std::bad_alloc",
        "CUDNN failure 3000: CUDNN_STATUS_NOT_SUPPORTED ; GPU=0 ; expr=cudnnSetTensorNdDescriptor(tensor_, dataType, static_cast<int>(rank), dims.data(), strides.data());",
      })
  void engines_that_find_a_batch_too_large_are_understood(String message) {
    RuntimeException deep = new IllegalStateException("outer", new RuntimeException(message));

    assertThat(DeviceFailure.isTooLarge(deep)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "image: 100 bytes (expected: 3072, 3×32×32 uint8)",
        "MXNetError: Check failed: shape[0] == 3",
        "CUDA failure 700: an illegal memory access was encountered",
        "CUDNN_STATUS_EXECUTION_FAILED",
      })
  void other_failures_are_not_taken_for_it(String message) {
    RuntimeException circle = new RuntimeException(message);
    circle.initCause(new RuntimeException(circle));

    assertThat(DeviceFailure.isTooLarge(circle)).isFalse();
  }

  @Test
  void a_context_that_an_error_has_spoilt_is_a_broken_device() {
    String message = "CUDA failure 700: an illegal memory access was encountered ; GPU=0";

    assertThat(DeviceFailure.isBroken(new RuntimeException(message))).isTrue();
    assertThat(DeviceFailure.isBroken(new RuntimeException("out of memory"))).isFalse();
  }
}
