package dev.phistream.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.phistream.image.Preprocessing;
import dev.phistream.inference.ComputeDevice;
import dev.phistream.inference.MxnetEngine;
import dev.phistream.inference.NetworkRunner;
import dev.phistream.model.Model;
import dev.phistream.model.ModelCard;
import dev.phistream.model.NetworkCut;
import dev.phistream.model.Noise;
import dev.phistream.model.Op;
import dev.phistream.model.Padding;
import dev.phistream.model.RandomWeights;
import dev.phistream.model.Scaling;
import dev.phistream.model.Tensor;
import dev.phistream.model.WeightConventions;
import dev.phistream.model.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Training the upper layers of networks that are small enough to learn in seconds. */
@Timeout(120)
class StageTrainerTest {
  private static final int CLASSES = 3;
  private static final int IMAGES = 6;

  private static MxnetEngine engine;

  @BeforeAll
  static void engine_is_loaded() throws Exception {
    engine = MxnetEngine.start(1);
  }

  @ParameterizedTest
  @CsvSource({
    "mobilenet_v2, SAME, blocks.5",
    "mobilenet_v2, SYMMETRIC, blocks.3",
    "mobilenet_v1, SAME, stem",
    "efficientnet, SAME, blocks.5",
    "efficientnet, SYMMETRIC, blocks.0",
    "resnet50, SYMMETRIC, layer4",
    "efficientnet, SAME, classifier"
  })
  void below_and_above_a_cut_together_are_the_network(
      String architecture, Padding padding, String stage) throws Exception {
    Model model = model(architecture, padding);
    NetworkCut cut = NetworkCut.belowStage(model.card().network(), stage);

    List<float[]> expected = logits(model);
    List<float[]> found;
    try (StageTrainer trainer = trainer(model, cut, Noise.NONE)) {
      found = trainer.logits(inputs(model, cut));
    }

    for (int i = 0; i < IMAGES; i++) {
      assertThat(found.get(i)).containsExactly(expected.get(i), offset(2e-3f));
    }
  }

  @Test
  void what_was_learnt_runs_in_the_inference_engine_as_it_was_trained() throws Exception {
    Model model = model("mobilenet_v2", Padding.SAME);
    NetworkCut cut = NetworkCut.belowStage(model.card().network(), "blocks.3");
    Inputs inputs = inputs(model, cut);
    Map<String, Tensor> tensors = new LinkedHashMap<>(model.weights().tensors());
    List<float[]> trained;
    try (StageTrainer trainer = trainer(model, cut, Noise.NONE)) {
      learn(trainer, inputs, 8);
      tensors.putAll(trainer.tensors());
      trained = trainer.averaged(() -> trainer.logits(inputs));
    }

    List<float[]> served =
        logits(
            new Model(
                model.card(),
                model.labels(),
                Weights.of(model.card().network(), tensors, "trained")));

    for (int i = 0; i < IMAGES; i++) {
      assertThat(served.get(i)).containsExactly(trained.get(i), offset(2e-3f));
    }
    assertThat(served.get(0)).isNotEqualTo(logits(model).get(0));
  }

  @Test
  void a_batch_that_is_shown_again_and_again_is_learnt_by_heart() throws Exception {
    Model model = model("efficientnet", Padding.SAME);
    NetworkCut cut = NetworkCut.belowStage(model.card().network(), "blocks.5");
    try (StageTrainer trainer = trainer(model, cut, Noise.NONE)) {
      List<Float> losses = learn(trainer, inputs(model, cut), 30);

      assertThat(losses.get(29)).isLessThan(0.5f * losses.get(0));
    }
  }

  @Test
  void a_parameter_with_rate_zero_stays_and_the_others_move() throws Exception {
    Model model = model("mobilenet_v2", Padding.SYMMETRIC);
    NetworkCut cut = NetworkCut.belowStage(model.card().network(), "head");
    try (StageTrainer trainer = trainer(model, cut, Noise.NONE)) {
      Map<String, Tensor> before = trainer.tensors();
      float[] rates = new float[trainer.depths().length];
      for (int i = 0; i < rates.length; i++) {
        rates[i] = trainer.depths()[i] == 0 ? 0.01f : 0;
      }

      trainer.step(inputs(model, cut), wanted(), rates);

      Map<String, Tensor> after = trainer.tensors();
      assertThat(values(after, "conv_head.weight")).isEqualTo(values(before, "conv_head.weight"));
      assertThat(values(after, "classifier.weight"))
          .isNotEqualTo(values(before, "classifier.weight"));
    }
  }

  @Test
  void a_trainer_with_the_state_of_another_goes_on_bit_by_bit_as_that_one() throws Exception {
    Model model = model("efficientnet", Padding.SAME);
    NetworkCut cut = NetworkCut.belowStage(model.card().network(), "blocks.6");
    Noise noise = new Noise(0.3, 0.2);
    Inputs inputs = inputs(model, cut);
    Map<String, Tensor> state;
    Map<String, Tensor> expected;
    try (StageTrainer trainer = trainer(model, cut, noise)) {
      StageTrainer.seed(1);
      learn(trainer, inputs, 3);
      state = trainer.state();
      StageTrainer.seed(2);
      learn(trainer, inputs, 3);
      expected = trainer.tensors();
    }

    Map<String, Tensor> found;
    try (StageTrainer trainer = trainer(model, cut, noise)) {
      trainer.restore(state);
      StageTrainer.seed(2);
      learn(trainer, inputs, 3);
      found = trainer.tensors();
    }

    expected.forEach(
        (name, tensor) -> assertThat(values(found, name)).as(name).isEqualTo(tensor.values()));
  }

  @Test
  void from_scratch_batch_normalisation_follows_the_images() throws Exception {
    Model model = model("mobilenet_v2", Padding.SYMMETRIC);
    Trainable live = Trainable.live(model.weights(), model.card(), Noise.NONE);
    try (StageTrainer trainer = StageTrainer.begin(live, 0, 0)) {
      List<Float> losses = learn(trainer, inputs(model, live.cut()), 20);

      assertThat(losses.get(19)).isLessThan(losses.get(0));
      assertThat(values(trainer.tensors(), "bn1.running_mean"))
          .isNotEqualTo(model.weights().get("bn1.running_mean").values());
    }
  }

  private static float[] values(Map<String, Tensor> tensors, String name) {
    return Objects.requireNonNull(tensors.get(name), name).values();
  }

  private static StageTrainer trainer(Model model, NetworkCut cut, Noise noise) throws Exception {
    return StageTrainer.begin(
        Trainable.folded(cut, model.weights(), model.card(), noise), 0.9, 0.01);
  }

  private static List<Float> learn(StageTrainer trainer, Inputs inputs, int steps) {
    float[] rates = new float[trainer.depths().length];
    Arrays.fill(rates, 0.003f);
    List<Float> losses = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      losses.add(trainer.step(inputs, wanted(), rates).loss());
    }
    return losses;
  }

  private static float[] wanted() {
    float[] wanted = new float[IMAGES * CLASSES];
    for (int i = 0; i < IMAGES; i++) {
      wanted[i * CLASSES + i % CLASSES] = 1f / IMAGES;
    }
    return wanted;
  }

  private static Model model(String architecture, Padding padding) throws Exception {
    Scaling scaling = new Scaling(0.25, 0.3, 48);
    ModelCard card =
        new ModelCard(
            "tiny",
            "tiny",
            architecture,
            scaling,
            CLASSES,
            new WeightConventions(padding, 1e-3),
            Preprocessing.imagenet(scaling.resolution(), 1.0),
            "",
            null);
    return new Model(
        card,
        List.of("a", "b", "c"),
        Weights.of(card.network(), RandomWeights.draw(card.network().tensors(), 3), "test"));
  }

  private static List<byte[]> images(Model model) {
    Random random = new Random(5);
    int side = model.card().network().resolution();
    List<byte[]> images = new ArrayList<>();
    for (int i = 0; i < IMAGES; i++) {
      byte[] image = new byte[3 * side * side];
      random.nextBytes(image);
      images.add(image);
    }
    return images;
  }

  private static Inputs inputs(Model model, NetworkCut cut) throws Exception {
    if (cut.layers() == 0) {
      return Inputs.ofPixels(images(model));
    }
    try (NetworkRunner below = engine.loadBelow(model, cut)) {
      return Inputs.ofMaps(below.logits(images(model)));
    }
  }

  private static List<float[]> logits(Model model) throws Exception {
    try (NetworkRunner runner = engine.load(model, Op.InputType.PIXELS, ComputeDevice.CPU)) {
      return runner.logits(images(model));
    }
  }
}
