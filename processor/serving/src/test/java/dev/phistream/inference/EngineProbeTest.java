package dev.phistream.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phistream.model.Model;
import dev.phistream.model.ModelException;
import dev.phistream.model.Op;
import java.util.List;
import org.junit.jupiter.api.Test;

class EngineProbeTest {
  @Test
  void engines_with_the_same_logits_agree() throws ModelException {
    assertThat(EngineProbe.agree(answering(1, -2), answering(1, -2))).isTrue();
  }

  @Test
  void engines_with_other_logits_do_not() throws ModelException {
    assertThat(EngineProbe.agree(answering(1, -2.01f), answering(1, -2))).isFalse();
  }

  @Test
  void what_is_no_number_does_not_agree() throws ModelException {
    assertThat(EngineProbe.agree(answering(1, Float.NaN), answering(1, -2))).isFalse();
  }

  @Test
  void an_engine_that_cannot_run_the_network_does_not_agree() throws ModelException {
    // given
    InferenceEngine failing =
        new Fixed(
            images -> {
              throw new InferenceException("no such operator", new IllegalStateException());
            });

    // then
    assertThat(EngineProbe.agree(failing, answering(1, -2))).isFalse();
  }

  private static InferenceEngine answering(float... logits) {
    return new Fixed(images -> List.of(logits));
  }

  private interface Answer {
    List<float[]> logits(List<byte[]> images) throws InferenceException;
  }

  /** Has one answer for all images. */
  private record Fixed(Answer answer) implements InferenceEngine {
    @Override
    public String name() {
      return "fixed";
    }

    @Override
    public List<ComputeDevice> devices() {
      return List.of(ComputeDevice.CPU);
    }

    @Override
    public List<String> gpuObstacles() {
      return List.of();
    }

    @Override
    public List<NetworkRunner> load(Model model, Op.InputType input, List<ComputeDevice> devices) {
      return devices.stream().<NetworkRunner>map(device -> new FixedRunner(answer)).toList();
    }
  }

  private record FixedRunner(Answer answer) implements NetworkRunner {
    @Override
    public List<float[]> logits(List<byte[]> images) throws InferenceException {
      return answer.logits(images);
    }

    @Override
    public void close() {}
  }
}
