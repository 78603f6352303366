package dev.phistream.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.phistream.image.Preprocessing;
import dev.phistream.model.Architecture;
import dev.phistream.model.Model;
import dev.phistream.model.ModelCard;
import dev.phistream.model.Network;
import dev.phistream.model.Op;
import dev.phistream.model.Padding;
import dev.phistream.model.Scaling;
import dev.phistream.model.Tensor;
import dev.phistream.model.WeightConventions;
import dev.phistream.model.Weights;
import dev.phistream.testkit.SlowNetwork;
import dev.phistream.testkit.TinyModels;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each block table, scaled down and with random weights, on every engine and in plain arithmetic.
 */
class FamilyTest {
  @ParameterizedTest
  @CsvSource({
    "mobilenet_v1, SAME, 0.25, 0.5, 40",
    "mobilenet_v1, SYMMETRIC, 0.25, 0.5, 37",
    "mobilenet_v2, SAME, 0.5, 0.5, 40",
    "mobilenet_v2, SYMMETRIC, 0.5, 0.5, 45",
    "resnet50, SAME, 0.125, 0.5, 40",
    "resnet50, SAME, 0.125, 0.3, 45",
    "resnet50, SYMMETRIC, 0.125, 0.5, 40",
    "resnet152, SYMMETRIC, 0.125, 0.1, 45",
  })
  void the_folded_network_answers_as_the_plain_one(
      String name, Padding padding, double width, double depth, int side) throws Exception {
    Architecture architecture = Architecture.named(name);
    Scaling scaling = new Scaling(width, depth, side);
    Network network = architecture.scaled(scaling, TinyModels.CLASSES.size());
    Map<String, Tensor> tensors = TinyModels.tensors(network, 5);
    ModelCard card =
        new ModelCard(
            "tiny",
            "tiny",
            name,
            scaling,
            TinyModels.CLASSES.size(),
            new WeightConventions(padding, 1e-3),
            Preprocessing.imagenet(side, 1.0),
            "",
            null);
    Model model = new Model(card, TinyModels.CLASSES, Weights.of(card.network(), tensors, "test"));
    float[] one = image(side, 1);
    float[] other = image(side, 2);

    SlowNetwork plain = new SlowNetwork(network, tensors, card.conventions());
    double[] expected = plain.logits(one);
    double[] expectedOther = plain.logits(other);
    // Else the comparison could not fail.
    assertThat(distance(expected, expectedOther)).isGreaterThan(0.05 * spread(expected));
    for (String engine : Engines.NAMES) {
      try (NetworkRunner runner =
          Engines.start(engine, 1).load(model, Op.InputType.NORMALISED, ComputeDevice.CPU)) {
        List<float[]> logits = runner.logits(List.of(bytes(one), bytes(other)));

        assertThat(logits.get(0)).hasSize(TinyModels.CLASSES.size());
        assertClose(logits.get(0), expected);
        assertClose(logits.get(1), expectedOther);
      }
    }
  }

  private static void assertClose(float[] found, double[] expected) {
    double tolerance = 1e-3 * spread(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) found[i]).as("logit %d", i).isCloseTo(expected[i], offset(tolerance));
    }
  }

  private static double spread(double[] values) {
    return Arrays.stream(values).max().orElseThrow() - Arrays.stream(values).min().orElseThrow();
  }

  private static double distance(double[] one, double[] other) {
    double most = 0;
    for (int i = 0; i < one.length; i++) {
      most = Math.max(most, Math.abs(one[i] - other[i]));
    }
    return most;
  }

  private static float[] image(int side, long seed) {
    Random random = new Random(seed);
    double frequency = random.nextDouble();
    float[] values = new float[3 * side * side];
    for (int i = 0; i < values.length; i++) {
      int row = i / side;
      double wave = Math.sin(frequency * (i % side) + 0.3 * seed * row);
      values[i] = (float) (wave + 0.3 * random.nextGaussian());
    }
    return values;
  }

  private static byte[] bytes(float[] values) {
    ByteBuffer buffer =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(values);
    return buffer.array();
  }
}
