package dev.phistream.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import dev.phistream.image.Preprocessing;
import dev.phistream.model.Architecture;
import dev.phistream.model.Model;
import dev.phistream.model.ModelCard;
import dev.phistream.model.ModelException;
import dev.phistream.model.Network;
import dev.phistream.model.Op;
import dev.phistream.model.Padding;
import dev.phistream.model.Scaling;
import dev.phistream.model.Tensor;
import dev.phistream.model.WeightConventions;
import dev.phistream.model.Weights;
import dev.phistream.testkit.SlowNetwork;
import dev.phistream.testkit.TinyModels;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Small random networks on every engine against plain arithmetic in float64. */
class EnginesTest {
  private static final double WIDTH = 0.25;
  private static final double DEPTH = 0.4;

  /** Even and odd sides: TensorFlow's padding is lopsided with the one and even with the other. */
  static Stream<Arguments> every_engine_padding_and_side() {
    return Engines.NAMES.stream()
        .flatMap(
            engine ->
                Stream.of(32, 37, 45)
                    .flatMap(
                        side ->
                            Stream.of(
                                Arguments.of(engine, Padding.SAME, 1e-3, side),
                                Arguments.of(engine, Padding.SYMMETRIC, 1e-5, side))));
  }

  static List<String> every_engine() {
    return Engines.NAMES;
  }

  @ParameterizedTest
  @MethodSource("every_engine_padding_and_side")
  void logits_are_those_of_plain_arithmetic(String engine, Padding padding, double bnEps, int side)
      throws Exception {
    WeightConventions conventions = new WeightConventions(padding, bnEps);
    Scaling scaling = new Scaling(WIDTH, DEPTH, side);
    Map<String, Tensor> tensors = TinyModels.tensors(TinyModels.network(scaling), 11);
    float[] some = image(side, 1);
    float[] other = image(side, 2);

    List<float[]> logits =
        run(
            engine,
            model(scaling, conventions, tensors),
            Op.InputType.NORMALISED,
            bytes(some),
            bytes(other));

    SlowNetwork plain = new SlowNetwork(TinyModels.network(scaling), tensors, conventions);
    double[] expected = plain.logits(some);
    assertSame(logits.get(0), expected);
    assertSame(logits.get(1), plain.logits(other));
    // Else the comparison could not fail: images and paddings must tell in the logits.
    Padding wrong = padding == Padding.SAME ? Padding.SYMMETRIC : Padding.SAME;
    if (side % 2 == 0) {
      double[] others =
          new SlowNetwork(TinyModels.network(scaling), tensors, new WeightConventions(wrong, bnEps))
              .logits(some);
      assertThat(distance(expected, others)).isGreaterThan(0.1 * spread(expected));
    }
    assertThat(distance(expected, plain.logits(other))).isGreaterThan(0.1 * spread(expected));
  }

  @ParameterizedTest
  @MethodSource("every_engine")
  void pixels_are_normalised_in_the_graph(String engine) throws Exception {
    int side = 32;
    Scaling scaling = new Scaling(WIDTH, DEPTH, side);
    WeightConventions conventions = new WeightConventions(Padding.SAME, 1e-3);
    Network network = TinyModels.network(scaling);
    Map<String, Tensor> tensors = TinyModels.tensors(network, 12);
    byte[] pixels = new byte[3 * side * side];
    new Random(3).nextBytes(pixels);

    List<float[]> logits =
        run(engine, model(scaling, conventions, tensors), Op.InputType.PIXELS, pixels);

    Preprocessing preprocessing = Preprocessing.imagenet(side, 1.0);
    float[] normalised = new float[pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      int c = i / (side * side);
      normalised[i] =
          ((pixels[i] & 0xff) / 255f - preprocessing.mean().get(c)) / preprocessing.std().get(c);
    }
    assertSame(logits.get(0), new SlowNetwork(network, tensors, conventions).logits(normalised));
  }

  @ParameterizedTest
  @MethodSource("every_engine")
  void a_image_gets_the_same_logits_in_any_batch(String engine) throws Exception {
    List<byte[]> images = new ArrayList<>();
    for (int seed = 1; seed <= 8; seed++) {
      images.add(bytes(image(32, seed)));
    }

    try (NetworkRunner runner =
        Engines.start(engine, 1).load(model(13), Op.InputType.NORMALISED, ComputeDevice.CPU)) {
      List<float[]> alone = new ArrayList<>();
      for (byte[] image : images) {
        alone.addAll(runner.logits(List.of(image)));
      }
      assertThat(alone.get(0)).isNotEqualTo(alone.get(7));
      for (int size : new int[] {8, 1, 5, 2, 7, 3, 6, 4, 8}) {
        List<byte[]> batch = new ArrayList<>(images.subList(8 - size, 8));
        Collections.reverse(batch);
        List<float[]> together = runner.logits(batch);

        assertThat(together).hasSize(size);
        for (int i = 0; i < size; i++) {
          assertThat(together.get(i)).containsExactly(alone.get(7 - i), offset(1e-3f));
        }
      }
      assertThat(runner.logits(List.of(images.get(0))).get(0)).isEqualTo(alone.get(0));
    }
  }

  /** As on a GPU, with the sessions on the CPU. */
  @Test
  void a_image_gets_the_same_logits_in_padded_batches() throws Exception {
    // given
    Model model = model(16);
    OnnxEngine engine = OnnxEngine.start(1);
    List<byte[]> images =
        IntStream.rangeClosed(1, 5).mapToObj(seed -> bytes(image(32, seed))).toList();

    try (NetworkRunner plain = session(engine, model);
        NetworkRunner padded = PaddedBatches.withSessionEach(8, () -> session(engine, model))) {
      // when
      List<float[]> logits = padded.logits(images);

      // then
      assertThat(logits).hasSize(5);
      for (int i = 0; i < 5; i++) {
        float[] alone = plain.logits(List.of(images.get(i))).get(0);
        assertThat(logits.get(i)).containsExactly(alone, offset(1e-3f));
      }
      assertThat(logits.get(0)).isNotEqualTo(logits.get(4));
    }
  }

  @ParameterizedTest
  @MethodSource("every_engine")
  @Timeout(120)
  void runners_side_by_side_do_not_mix_up_their_images(String engine) throws Exception {
    byte[] some = bytes(image(32, 1));
    byte[] other = bytes(image(32, 2));
    InferenceEngine started = Engines.start(engine, 2);
    ExecutorService second = Executors.newSingleThreadExecutor();
    try (NetworkRunner one = started.load(model(14), Op.InputType.NORMALISED, ComputeDevice.CPU);
        NetworkRunner two = started.load(model(14), Op.InputType.NORMALISED, ComputeDevice.CPU)) {
      float[] ofSome = one.logits(List.of(some)).get(0);
      float[] ofOther = one.logits(List.of(other)).get(0);

      for (int i = 0; i < 20; i++) {
        Future<List<float[]>> beside = second.submit(() -> two.logits(List.of(other, some)));
        assertThat(one.logits(List.of(some)).get(0)).containsExactly(ofSome, offset(1e-3f));
        assertThat(beside.get().get(0)).containsExactly(ofOther, offset(1e-3f));
      }
    } finally {
      second.shutdown();
    }
  }

  @ParameterizedTest
  @MethodSource("every_engine")
  void a_image_of_another_size_fails_says_what_was_expected_and_the_next_one_runs(String engine)
      throws Exception {
    try (NetworkRunner runner =
        Engines.start(engine, 1).load(model(14), Op.InputType.PIXELS, ComputeDevice.CPU)) {
      assertThatThrownBy(() -> runner.logits(List.of(new byte[100])))
          .isInstanceOf(InferenceException.class)
          .hasMessageContaining("a micro-batch of 1 failed")
          .hasMessageContaining("image: 100 bytes (expected: 3072, 3×32×32 uint8)");
      assertThat(runner.logits(List.of(new byte[3072]))).hasSize(1);
    }
  }

  @ParameterizedTest
  @MethodSource("every_engine")
  void a_model_may_be_loaded_again_after_it_was_closed(String engine) throws Exception {
    InferenceEngine started = Engines.start(engine, 1);
    assertThat(started.name()).isEqualTo(engine);
    assertThat(started.devices()).contains(ComputeDevice.CPU);
    float[] first = {};
    for (int i = 0; i < 3; i++) {
      try (NetworkRunner runner = started.load(model(15), Op.InputType.PIXELS, ComputeDevice.CPU)) {
        float[] logits = runner.logits(List.of(new byte[3072])).get(0);
        assertThat(logits).hasSize(TinyModels.CLASSES.size());
        first = i == 0 ? logits : first;
        assertThat(logits).isEqualTo(first);
      }
    }
  }

  @Test
  void an_unknown_engine_is_refused_with_the_names_of_those_there_are() {
    assertThatThrownBy(() -> Engines.start("abacus", 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("engine: abacus (expected: one of mxnet, onnxruntime)");
  }

  private static Model model(long seed) throws Exception {
    Scaling scaling = new Scaling(WIDTH, DEPTH, 32);
    return model(
        scaling,
        new WeightConventions(Padding.SAME, 1e-3),
        TinyModels.tensors(TinyModels.network(scaling), seed));
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

  private static NetworkRunner session(OnnxEngine engine, Model model) throws IOException {
    try {
      return engine.load(model, Op.InputType.NORMALISED, ComputeDevice.CPU);
    } catch (ModelException e) {
      throw new IOException(e);
    }
  }

  private static List<float[]> run(String engine, Model model, Op.InputType type, byte[]... images)
      throws Exception {
    try (NetworkRunner runner = Engines.start(engine, 1).load(model, type, ComputeDevice.CPU)) {
      return runner.logits(Arrays.asList(images));
    }
  }

  /** Waves with noise on them: plain noise would leave nothing but itself in the averages. */
  private static float[] image(int side, long seed) {
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
