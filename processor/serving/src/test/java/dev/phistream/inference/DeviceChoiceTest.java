package dev.phistream.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phistream.testkit.SimulatedEngine;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceChoiceTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "auto        | 0 | cpu",
        "auto        | 1 | gpu:0",
        "auto        | 2 | gpu:0,gpu:1",
        "cpu         | 0 | cpu",
        "cpu         | 2 | cpu",
        "gpu         | 1 | gpu:0",
        "gpu         | 2 | gpu:0,gpu:1",
        "gpu:1       | 2 | gpu:1",
        "gpu:1,gpu:0 | 2 | gpu:1,gpu:0",
      })
  void a_choice_gives_devices(String text, int gpus, String expected) throws Exception {
    assertThat(names(choice(text).resolve(SimulatedEngine.withGpus(gpus)))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "tpu", "gpu:", "gpu:-1", "gpu:x", "cpu,gpu:0", "gpu,gpu:0", "gpu:0,gpu:0"})
  void what_is_no_device_is_refused(String text) {
    assertThatThrownBy(() -> choice(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "device: %s (expected: auto, cpu, gpu or gpu:N, such as gpu:0,gpu:1, each once)", text);
  }

  @Test
  void a_gpu_that_is_not_there_is_refused_with_those_that_are() {
    assertThatThrownBy(() -> choice("gpu:2").resolve(SimulatedEngine.withGpus(2)))
        .isInstanceOf(DeviceException.class)
        .hasMessage("device: gpu:2 (expected here with engine simulated: auto, gpu:0, gpu:1, cpu)");
  }

  @Test
  void without_a_gpu_the_refusal_says_what_is_missing() {
    SimulatedEngine none = SimulatedEngine.withGpus(0, "no driver", "a build for CPUs");

    assertThatThrownBy(() -> choice("gpu").resolve(none))
        .isInstanceOf(DeviceException.class)
        .hasMessage(
            "device: gpu (expected here with engine simulated: auto, cpu); no driver; a build for CPUs");
  }

  private static DeviceChoice choice(String text) {
    return DeviceChoice.parse(Arrays.asList(text.split(",")));
  }

  private static String names(List<ComputeDevice> devices) {
    return String.join(",", devices.stream().map(ComputeDevice::name).toList());
  }
}
