package dev.phistream.drawing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.phistream.image.Preprocessing;
import dev.phistream.inference.ComputeDevice;
import dev.phistream.inference.MxnetEngine;
import dev.phistream.inference.NetworkRunner;
import dev.phistream.model.Architecture;
import dev.phistream.model.Model;
import dev.phistream.model.ModelCard;
import dev.phistream.model.Op;
import dev.phistream.model.Scaling;
import dev.phistream.model.Tensor;
import dev.phistream.model.Weights;
import dev.phistream.training.CosineSchedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Training on MXNet, with a network that is small enough to learn in seconds. */
@Timeout(120)
class NetworkTrainerTest {
  private static final Scaling TINY = new Scaling(0.25, 0.2, 40);
  private static final int STEPS = 24;

  @BeforeAll
  static void engine_is_loaded() throws Exception {
    MxnetEngine.start(1);
  }

  @Test
  void a_batch_that_is_shown_again_and_again_is_learnt_by_heart() throws Exception {
    try (NetworkTrainer trainer = trainer()) {
      List<Float> losses = learn(trainer, STEPS);

      assertThat(losses.get(STEPS - 1)).isLessThan(0.6f * losses.get(0));
    }
  }

  @Test
  void every_weight_and_every_running_statistic_moves() throws Exception {
    try (NetworkTrainer trainer = trainer()) {
      Map<String, Tensor> before = trainer.tensors();

      learn(trainer, 2);

      trainer
          .tensors()
          .forEach(
              (name, tensor) ->
                  assertThat(tensor.values())
                      .as(name)
                      .isNotEqualTo(Objects.requireNonNull(before.get(name)).values()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"efficientnet", "mobilenet_v1", "mobilenet_v2", "resnet50"})
  void the_folded_network_answers_as_the_trained_one(String architecture) throws Exception {
    Trainee trainee = Trainee.untaught(Architecture.named(architecture), TINY, 1);
    try (NetworkTrainer trainer = NetworkTrainer.begin(trainee, new CosineSchedule(0.01f, 99))) {
      List<Float> losses = learn(trainer, STEPS);
      List<byte[]> images = images(trainee.preprocessing()).range(0, 8);
      ModelCard card =
          new ModelCard(
              "tiny",
              "tiny",
              architecture,
              TINY,
              trainee.network().classes(),
              trainee.conventions(),
              trainee.preprocessing(),
              "",
              null);
      Weights weights = Weights.of(trainee.network(), trainer.tensors(), "trained");

      List<float[]> folded = new ArrayList<>();
      try (NetworkRunner runner =
          MxnetEngine.start(1)
              .load(
                  new Model(card, Subject.labels(), weights),
                  Op.InputType.PIXELS,
                  ComputeDevice.CPU)) {
        folded.addAll(runner.logits(images));
      }

      List<float[]> trained = trainer.logits(images);
      for (int i = 0; i < images.size(); i++) {
        assertThat(folded.get(i)).containsExactly(trained.get(i), offset(1e-3f));
      }
      assertThat(losses.get(STEPS - 1)).isLessThan(losses.get(0));
    }
  }

  private static NetworkTrainer trainer() throws Exception {
    return NetworkTrainer.begin(
        Trainee.untaught(Architecture.EFFICIENT_NET, TINY, 1),
        new CosineSchedule(0.01f, 4 * STEPS));
  }

  private static List<Float> learn(NetworkTrainer trainer, int steps) throws Exception {
    Trainee trainee = Trainee.untaught(Architecture.EFFICIENT_NET, TINY, 1);
    Batches.Batch batch =
        new Batches(images(trainee.preprocessing()), 16, new Random(1)).get(0, TINY.resolution());
    List<Float> losses = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      losses.add(trainer.step(batch.pixels(), TINY.resolution(), batch.labels()).loss());
    }
    return losses;
  }

  private static ImageSet images(Preprocessing preprocessing) {
    return ImageSet.draw(new SyntheticImages(1), 16, preprocessing, drawn -> {});
  }
}
