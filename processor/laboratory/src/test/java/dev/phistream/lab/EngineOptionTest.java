package dev.phistream.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.app.CommandRun;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EngineOptionTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "bench soak",
        "models switch b0 phi-7",
        "calibrate --small phi-11 --large phi-7 --synthetic"
      })
  void an_engine_that_there_is_not_is_misuse(String command) {
    CommandRun run = LaboratoryRun.of((command + " --engine abacus").split(" "));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--engine: abacus (expected: one of mxnet, onnxruntime)");
  }
}
