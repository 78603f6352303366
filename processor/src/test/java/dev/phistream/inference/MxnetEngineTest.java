package dev.phistream.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Small random networks on MXNet against plain arithmetic in float64. */
class MxnetEngineTest {
  private static final double WIDTH = 0.25;
  private static final double DEPTH = 0.4;

  /** Even and odd sides: TensorFlow's padding is lopsided with the one and even with the other. */
  @ParameterizedTest
  @CsvSource({
    "SAME, 1e-3, 32",
    "SAME, 1e-3, 37",
    "SAME, 1e-3, 45",
    "SYMMETRIC, 1e-5, 32",
    "SYMMETRIC, 1e-5, 37",
    "SYMMETRIC, 1e-5, 45",
  })
  void logits_are_those_of_plain_arithmetic(Padding padding, double bnEps, int side)
      throws Exception {
    WeightConventions conventions = new WeightConventions(padding, bnEps);
    Scaling scaling = new Scaling(WIDTH, DEPTH, side);
    Map<String, Tensor> tensors = TinyModels.tensors(TinyModels.network(scaling), 11);
    float[] some = picture(side, 1);
    float[] other = picture(side, 2);

    List<float[]> logits =
        run(
            model(scaling, conventions, tensors),
            Op.InputType.NORMALISED,
            bytes(some),
            bytes(other));

    SlowNetwork plain = new SlowNetwork(TinyModels.network(scaling), tensors, conventions);
    double[] expected = plain.logits(some);
    assertSame(logits.get(0), expected);
    assertSame(logits.get(1), plain.logits(other));
    // Else the comparison could not fail: pictures and paddings must tell in the logits.
    Padding wrong = padding == Padding.SAME ? Padding.SYMMETRIC : Padding.SAME;
    if (side % 2 == 0) {
      double[] others =
          new SlowNetwork(TinyModels.network(scaling), tensors, new WeightConventions(wrong, bnEps))
              .logits(some);
      assertThat(distance(expected, others)).isGreaterThan(0.1 * spread(expected));
    }
    assertThat(distance(expected, plain.logits(other))).isGreaterThan(0.1 * spread(expected));
  }

  @Test
  void pixels_are_normalised_in_the_graph() throws Exception {
    int side = 32;
    Scaling scaling = new Scaling(WIDTH, DEPTH, side);
    WeightConventions conventions = new WeightConventions(Padding.SAME, 1e-3);
    Network network = TinyModels.network(scaling);
    Map<String, Tensor> tensors = TinyModels.tensors(network, 12);
    byte[] pixels = new byte[3 * side * side];
    new Random(3).nextBytes(pixels);

    List<float[]> logits = run(model(scaling, conventions, tensors), Op.InputType.PIXELS, pixels);

    Preprocessing preprocessing = Preprocessing.imagenet(side, 1.0);
    float[] normalised = new float[pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      int c = i / (side * side);
      normalised[i] =
          ((pixels[i] & 0xff) / 255f - preprocessing.mean().get(c)) / preprocessing.std().get(c);
    }
    assertSame(logits.get(0), new SlowNetwork(network, tensors, conventions).logits(normalised));
  }

  @Test
  void a_picture_gets_the_same_logits_in_any_batch() throws Exception {
    int side = 32;
    Scaling scaling = new Scaling(WIDTH, DEPTH, side);
    Model model =
        model(
            scaling,
            new WeightConventions(Padding.SAME, 1e-3),
            TinyModels.tensors(TinyModels.network(scaling), 13));
    byte[] first = bytes(picture(side, 1));
    byte[] second = bytes(picture(side, 2));

    try (NetworkRunner runner =
        MxnetEngine.start(1).load(model, Op.InputType.NORMALISED, ComputeDevice.CPU)) {
      float[] alone = runner.logits(List.of(first)).get(0);
      List<float[]> together = runner.logits(List.of(second, first, second));
      float[] again = runner.logits(List.of(first)).get(0);

      assertThat(together.get(1)).containsExactly(alone, offset(1e-4f));
      assertThat(together.get(0)).containsExactly(together.get(2), offset(1e-4f));
      assertThat(again).isEqualTo(alone);
    }
  }

  @Test
  void a_picture_of_another_size_fails_and_says_what_was_expected() throws Exception {
    Scaling scaling = new Scaling(WIDTH, DEPTH, 32);
    Model model =
        model(
            scaling,
            new WeightConventions(Padding.SAME, 1e-3),
            TinyModels.tensors(TinyModels.network(scaling), 14));

    assertThatThrownBy(() -> run(model, Op.InputType.PIXELS, new byte[100]))
        .isInstanceOf(InferenceException.class)
        .hasMessageContaining("a micro-batch of 1 failed")
        .hasMessageContaining("picture: 100 bytes (expected: 3072, 3×32×32 uint8)");
  }

  private static Model model(
      Scaling scaling, WeightConventions conventions, Map<String, Tensor> tensors)
      throws Exception {
    ModelCard card =
        new ModelCard(
            "tiny",
            "tiny",
            Architecture.EFFICIENT_NET.name(),
            scaling,
            TinyModels.CLASSES.size(),
            conventions,
            Preprocessing.imagenet(scaling.resolution(), 1.0),
            "",
            null);
    return new Model(card, TinyModels.CLASSES, Weights.of(card.network(), tensors, "test"));
  }

  private static List<float[]> run(Model model, Op.InputType type, byte[]... pictures)
      throws Exception {
    try (NetworkRunner runner = MxnetEngine.start(1).load(model, type, ComputeDevice.CPU)) {
      return runner.logits(Arrays.asList(pictures));
    }
  }

  /** Waves with noise on them: plain noise would leave nothing but itself in the averages. */
  private static float[] picture(int side, long seed) {
    Random random = new Random(seed);
    double pitch = 1 + random.nextDouble();
    float[] values = new float[3 * side * side];
    for (int i = 0; i < values.length; i++) {
      double wave = Math.sin(pitch * (i % side) * (1 + i / (side * side)));
      values[i] = (float) (1.5 * wave + seed - 1 + 0.3 * random.nextGaussian());
    }
    return values;
  }

  private static byte[] bytes(float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.nativeOrder());
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  private static void assertSame(float[] logits, double[] expected) {
    assertThat(logits).hasSameSizeAs(expected);
    for (int i = 0; i < logits.length; i++) {
      assertThat((double) logits[i]).isCloseTo(expected[i], offset(1e-3 * spread(expected)));
    }
  }

  private static double spread(double[] logits) {
    return Arrays.stream(logits).map(Math::abs).max().orElseThrow();
  }

  private static double distance(double[] some, double[] others) {
    double most = 0;
    for (int i = 0; i < some.length; i++) {
      most = Math.max(most, Math.abs(some[i] - others[i]));
    }
    return most;
  }
}
