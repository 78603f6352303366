package dev.phistream.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.phistream.model.Op;
import dev.phistream.model.Padding;
import dev.phistream.model.Safetensors;
import dev.phistream.model.Tensor;
import dev.phistream.testkit.ReferenceB0;
import dev.phistream.testkit.SharedData;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * B0 with seeded weights against logits that an independent implementation computed in float64. The
 * data lies outside the project.
 */
class ReferenceLogitsTest {
  private static final int CLASSES = 1000;

  static Stream<Arguments> every_engine_padding_and_batch() {
    return Engines.NAMES.stream()
        .flatMap(
            engine ->
                Stream.of(1, 8)
                    .flatMap(
                        batch ->
                            Stream.of(
                                Arguments.of(
                                    engine, Padding.SAME, 1e-3, "logits_same_eps1e-3", batch),
                                Arguments.of(
                                    engine,
                                    Padding.SYMMETRIC,
                                    1e-5,
                                    "logits_symmetric_eps1e-5",
                                    batch))));
  }

  @ParameterizedTest
  @MethodSource("every_engine_padding_and_batch")
  void logits_of_b0_are_those_of_the_reference(
      String engine, Padding padding, double bnEps, String expected, int batch) throws Exception {
    Map<String, Tensor> reference =
        Safetensors.read(SharedData.at("reference/b0-reference.safetensors"));
    float[] wanted = tensor(reference, expected).values();
    List<byte[]> images = images(tensor(reference, "input"));

    List<byte[]> repeated = new ArrayList<>();
    for (int i = 0; i < batch; i++) {
      repeated.add(images.get(i % images.size()));
    }
    List<float[]> logits;
    try (NetworkRunner runner =
        Engines.start(engine, 1)
            .load(ReferenceB0.with(padding, bnEps), Op.InputType.NORMALISED, ComputeDevice.CPU)) {
      logits = runner.logits(repeated);
    }

    for (int i = 0; i < batch; i++) {
      int from = i % images.size() * CLASSES;
      float[] row = Arrays.copyOfRange(wanted, from, from + CLASSES);
      for (int c = 0; c < CLASSES; c++) {
        assertThat(logits.get(i)[c]).isCloseTo(row[c], offset(1e-3f));
      }
    }
  }

  private static Tensor tensor(Map<String, Tensor> tensors, String name) {
    return Objects.requireNonNull(tensors.get(name), name);
  }

  private static List<byte[]> images(Tensor input) {
    int count = input.shape().get(0);
    int values = input.values().length / count;
    List<byte[]> images = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ByteBuffer bytes = ByteBuffer.allocate(values * Float.BYTES).order(ByteOrder.nativeOrder());
      bytes.asFloatBuffer().put(input.values(), i * values, values);
      images.add(bytes.array());
    }
    return images;
  }
}
