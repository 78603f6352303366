package dev.phistream.drawing;

import ai.djl.engine.Engine;
import dev.phistream.inference.ComputeDevice;
import dev.phistream.inference.InferenceException;
import dev.phistream.inference.MxnetEngine;
import dev.phistream.inference.NetworkRunner;
import dev.phistream.model.Architecture;
import dev.phistream.model.CompoundScaling;
import dev.phistream.model.Model;
import dev.phistream.model.ModelCard;
import dev.phistream.model.ModelDirectory;
import dev.phistream.model.ModelException;
import dev.phistream.model.Op;
import dev.phistream.model.Scaling;
import dev.phistream.model.Tensor;
import dev.phistream.training.CosineSchedule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;

/**
 * Trains an EfficientNet on {@linkplain SyntheticImages synthetic images}. After every epoch that
 * improves on the validation images the model is written, so that an interrupted training leaves
 * the best model so far. Images for training, for validation and for the final figure come from
 * {@linkplain Seeds three seeds}.
 */
public final class SyntheticTraining {
  static final int BATCH = 32;
  private static final int VALIDATION_IMAGES = 500;
  private static final int HELD_OUT_IMAGES = 2000;
  private static final double SMALL_SHARE = 0.7;
  private static final int SMALL_SIDE = 64;
  private static final float LEARNING_RATE = 0.01f;
  private static final float FURTHER_RATE = 0.004f;

  private final TrainingOptions options;
  private final TrainingListener listener;

  /** Prepares a training. */
  public SyntheticTraining(TrainingOptions options, TrainingListener listener) {
    this.options = options;
    this.listener = listener;
  }

  /**
   * Trains; this takes minutes.
   *
   * @return the card of the model that was written
   */
  public ModelCard run() throws IOException, ModelException, InferenceException {
    // With one thread per operation the machine's other cores stay free, and batch normalisation,
    // which waits for all its threads, is faster on a busy machine.
    MxnetEngine engine = MxnetEngine.start(Runtime.getRuntime().availableProcessors());
    Scaling scaling = CompoundScaling.EFFICIENT_NET.at(options.phi());
    Path start = options.start();
    Trainee trainee =
        start == null
            ? Trainee.untaught(Architecture.EFFICIENT_NET, scaling, options.seed())
            : Trainee.taught(Architecture.EFFICIENT_NET, scaling, ModelDirectory.on(start).load());
    TrainedModel output = new TrainedModel(options, trainee);
    int bestEpoch = train(trainee, output);
    Accuracy accuracy = examine(engine, trainee);
    Map<String, Tensor> weights = ModelDirectory.on(options.directory()).load().weights().tensors();
    ModelCard card = output.write(weights, bestEpoch, accuracy);
    listener.finished(accuracy);
    return card;
  }

  /** Returns the best epoch, whose weights are written. */
  private int train(Trainee trainee, TrainedModel output) throws IOException, InferenceException {
    ImageSet training = draw(trainee, options.seed(), options.images());
    ImageSet validation = draw(trainee, Seeds.validation(options.seed()), VALIDATION_IMAGES);
    Batches batches = new Batches(training, BATCH, new Random(options.seed()));
    int steps = options.epochs() * batches.count();
    Engine.getEngine("MXNet").setRandomSeed((int) options.seed());
    try (NetworkTrainer trainer =
        NetworkTrainer.begin(
            trainee,
            new CosineSchedule(options.start() == null ? LEARNING_RATE : FURTHER_RATE, steps))) {
      int best = -1;
      int bestEpoch = 0;
      for (int epoch = 1; epoch <= options.epochs(); epoch++) {
        int side = side(epoch, trainee.network().resolution());
        EpochResult result = epoch(trainer, batches, epoch, side);
        Accuracy accuracy = Accuracy.of(trainer, validation);
        boolean kept = accuracy.right() >= best;
        if (kept) {
          best = accuracy.right();
          bestEpoch = epoch;
          output.write(trainer.tensors(), epoch, null);
        }
        listener.epoch(epoch, result.loss(), result.accuracy(), accuracy, kept);
      }
      return bestEpoch;
    }
  }

  private record EpochResult(double loss, double accuracy) {}

  private EpochResult epoch(NetworkTrainer trainer, Batches batches, int epoch, int side) {
    batches.shuffle();
    double loss = 0;
    int right = 0;
    for (int done = 1; done <= batches.count(); done++) {
      Batches.Batch batch = batches.get(done - 1, side);
      NetworkTrainer.Step result = trainer.step(batch.pixels(), side, batch.labels());
      loss += result.loss();
      right += result.right();
      listener.step(epoch, done, batches.count(), loss / done, (double) right / (done * BATCH));
    }
    return new EpochResult(loss / batches.count(), (double) right / (batches.count() * BATCH));
  }

  /**
   * Most epochs of a training from the beginning learn from smaller images, which takes less than
   * half the time (progressive learning, EfficientNetV2, arXiv 2104.00298).
   */
  private int side(int epoch, int full) {
    boolean small = options.start() == null && epoch <= options.epochs() * SMALL_SHARE;
    return small ? Math.min(SMALL_SIDE, full) : full;
  }

  /** Measures what was written, as it will be run: rounded to float16, folded, for inference. */
  private Accuracy examine(MxnetEngine engine, Trainee trainee)
      throws IOException, ModelException, InferenceException {
    Model model = ModelDirectory.on(options.directory()).load();
    try (NetworkRunner runner = engine.load(model, Op.InputType.PIXELS, ComputeDevice.CPU)) {
      return Accuracy.of(runner, draw(trainee, Seeds.heldOut(options.seed()), HELD_OUT_IMAGES));
    }
  }

  private ImageSet draw(Trainee trainee, long seed, int count) {
    listener.drawing(count);
    return ImageSet.draw(
        new SyntheticImages(seed), count, trainee.preprocessing(), index -> listener.drawn());
  }
}
