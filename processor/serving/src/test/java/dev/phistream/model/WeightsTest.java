package dev.phistream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phistream.testkit.TinyModels;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WeightsTest {
  private final Network network = TinyModels.network(CompoundScaling.EFFICIENT_NET.at(-8));
  private final Map<String, Tensor> tensors = TinyModels.tensors(network, 1);

  @Test
  void the_tensors_of_the_network_are_taken() throws Exception {
    Weights weights = Weights.of(network, tensors, "test");

    assertThat(weights.tensors()).isEqualTo(tensors);
    assertThat(weights.get("bn1.bias").shape()).isEqualTo(List.of(16));
    assertThatThrownBy(() -> weights.get("bn1.bais")).hasMessage("bn1.bais: no such tensor");
  }

  @Test
  void a_missing_tensor_is_named_with_the_shape_that_it_should_have() {
    tensors.remove("classifier.bias");

    assertThatThrownBy(() -> Weights.of(network, tensors, "a.safetensors"))
        .isInstanceOf(ModelException.class)
        .hasMessage("a.safetensors: tensor classifier.bias is missing (expected: shape [3])");
  }

  @Test
  void a_tensor_of_another_shape_is_named_with_both_shapes() {
    tensors.put("classifier.bias", Tensor.vector(1, 2, 3, 4));

    assertThatThrownBy(() -> Weights.of(network, tensors, "a.safetensors"))
        .isInstanceOf(ModelException.class)
        .hasMessage("a.safetensors: tensor classifier.bias has shape [4] (expected: [3])");
  }

  @Test
  void a_foreign_tensor_is_named() {
    tensors.put("fc.bias", Tensor.vector(1, 2));

    assertThatThrownBy(() -> Weights.of(network, tensors, "a.safetensors"))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "a.safetensors: tensor fc.bias of shape [2] belongs to another network"
                + " (expected: none of this name)");
  }

  @Test
  void a_tensor_holds_as_many_values_as_its_shape_says() {
    assertThatThrownBy(() -> new Tensor(List.of(2, 2), new float[3]))
        .hasMessage("shape: [2, 2] for 3 values (expected: 4 values)");
  }
}
