package dev.phistream.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The driver's answers here are the test's own. */
class GpuSupportTest {
  private static final Gpu K80 = new Gpu(0, "Tesla K80", 3, 7);
  private static final Gpu T4 = new Gpu(1, "Tesla T4", 7, 5);
  private static final Gpu A100 = new Gpu(2, "NVIDIA A100", 8, 0);
  private static final Gpu A10 = new Gpu(3, "NVIDIA A10", 8, 6);
  private static final Gpu H100 = new Gpu(4, "NVIDIA H100", 9, 0);

  @Test
  void mxnet_uses_the_gpus_that_its_library_has_code_for() {
    GpuSupport gpus = MxnetEngine.gpus(true, () -> Gpus.of(List.of(K80, T4, A100, A10, H100)));

    assertThat(gpus.devices())
        .containsExactly(ComputeDevice.gpu(1), ComputeDevice.gpu(2), ComputeDevice.CPU);
    assertThat(gpus.obstacles())
        .hasSize(3)
        .allSatisfy(
            obstacle ->
                assertThat(obstacle)
                    .contains("compute capability 5.0 to 8.0; use engine onnxruntime"));
    assertThat(gpus.obstacles().get(2)).startsWith("gpu:4 (NVIDIA H100, compute capability 9.0)");
  }

  @Test
  void a_library_for_cpus_uses_none_does_not_ask_the_driver_and_says_how_to_build_another() {
    GpuSupport unasked =
        MxnetEngine.gpus(
            false,
            () -> {
              throw new AssertionError("asked the driver");
            });
    GpuSupport gpus = MxnetEngine.gpus(false, () -> Gpus.of(List.of(T4)));

    assertThat(unasked.devices()).containsExactly(ComputeDevice.CPU);
    assertThat(gpus.obstacles())
        .singleElement()
        .asString()
        .contains("for CPUs only; build with PHISTREAM_PROFILE=mxnet-cuda");
  }

  @Test
  void onnx_runtime_uses_all_gpus_once_cuda_loads() {
    assertThat(OnnxEngine.gpus(true, () -> Gpus.of(List.of(T4, H100)), () -> true).devices())
        .containsExactly(ComputeDevice.gpu(1), ComputeDevice.gpu(4), ComputeDevice.CPU);

    GpuSupport withoutCuda = OnnxEngine.gpus(true, () -> Gpus.of(List.of(T4)), () -> false);

    assertThat(withoutCuda.devices()).containsExactly(ComputeDevice.CPU);
    assertThat(withoutCuda.obstacles())
        .singleElement()
        .asString()
        .contains("gpu:1 (Tesla T4, compute capability 7.5) cannot be used")
        .contains("CUDA 12, from 12.8 on, and cuDNN 9");
  }

  @Test
  void a_limit_that_mxnet_cannot_keep_is_refused() {
    GpuSettings limited = new GpuSettings(8, OptionalLong.of(1 << 30), false);

    assertThatThrownBy(() -> Engines.start("mxnet", 1, limited))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(
            "gpu.memory-limit: 1073741824 bytes (expected: none with engine mxnet");
  }

  @Test
  void a_choice_of_rounding_that_mxnet_does_not_have_is_refused() {
    GpuSettings rounding = new GpuSettings(8, OptionalLong.empty(), true);

    assertThatThrownBy(() -> Engines.start("mxnet", 1, rounding))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("gpu.tf32: true (expected: false with engine mxnet");
  }

  @Test
  void onnx_runtime_computes_in_full_precision_unless_told_otherwise() {
    GpuSettings plain = GpuSettings.upTo(8);
    GpuSettings other = new GpuSettings(8, OptionalLong.of(2_000_000_000), true);

    assertThat(OnnxEngine.cudaOptions(plain))
        .containsOnly(entry("arena_extend_strategy", "kSameAsRequested"), entry("use_tf32", "0"));
    assertThat(OnnxEngine.cudaOptions(other))
        .contains(entry("use_tf32", "1"), entry("gpu_mem_limit", "2000000000"));
  }

  @Test
  void a_machine_without_gpus_says_so() {
    assertThat(MxnetEngine.gpus(true, () -> Gpus.of(List.of())).obstacles())
        .containsExactly("the GPU driver shows no GPU");
    assertThat(MxnetEngine.gpus(true, () -> Gpus.none("no driver")).obstacles())
        .containsExactly("no driver");
  }

  @Test
  void the_driver_of_this_machine_answers_with_gpus_or_with_a_reason() {
    Gpus gpus = CudaDriver.ask();

    assertThat(gpus.visible().isEmpty()).isEqualTo(!gpus.obstacle().isEmpty());
  }
}
