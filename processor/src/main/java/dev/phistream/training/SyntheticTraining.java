package dev.phistream.training;

import ai.djl.engine.Engine;
import dev.phistream.image.Preprocessing;
import dev.phistream.model.Architecture;
import dev.phistream.model.CompoundScaling;
import dev.phistream.model.InferenceGraph;
import dev.phistream.model.Model;
import dev.phistream.model.ModelCard;
import dev.phistream.model.ModelDirectory;
import dev.phistream.model.ModelException;
import dev.phistream.model.Network;
import dev.phistream.model.Op;
import dev.phistream.model.Padding;
import dev.phistream.model.Safetensors;
import dev.phistream.model.Scaling;
import dev.phistream.model.WeightConventions;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * Trains an EfficientNet on {@linkplain SyntheticPictures synthetic pictures}. After every epoch
 * that improves on the validation pictures the model is written, so that an interrupted training
 * leaves the best model so far. Pictures for training, validation and the final figure come from
 * three seeds.
 */
public final class SyntheticTraining {
  static final int BATCH = 32;
  private static final int VALIDATION_PICTURES = 500;
  private static final int HELD_OUT_PICTURES = 2000;
  private static final long VALIDATION_SEED_OFFSET = 1_000_000;
  private static final long HELD_OUT_SEED_OFFSET = 2_000_000;
  private static final double SMALL_SHARE = 0.7;
  private static final int SMALL_SIDE = 64;
  private static final float LEARNING_RATE = 0.01f;
  private static final WeightConventions CONVENTIONS =
      new WeightConventions(Padding.SYMMETRIC, 1e-3);

  private final TrainingOptions options;
  private final TrainingListener listener;
  private final Scaling scaling;
  private final Network network;
  private final Preprocessing preprocessing;

  /** Prepares a training. */
  public SyntheticTraining(TrainingOptions options, TrainingListener listener) {
    this.options = options;
    this.listener = listener;
    scaling = CompoundScaling.EFFICIENT_NET.at(options.phi());
    network = Architecture.EFFICIENT_NET.scaled(scaling, Subject.values().length);
    preprocessing = Preprocessing.imagenet(network.resolution(), 1.0);
  }

  /**
   * Trains; this takes minutes.
   *
   * @return the card of the model that was written
   */
  public ModelCard run() throws IOException, ModelException {
    PictureSet training = draw(options.seed(), options.pictures());
    PictureSet validation = draw(options.seed() + VALIDATION_SEED_OFFSET, VALIDATION_PICTURES);
    int stepsPerEpoch = training.size() / BATCH;
    Engine.getEngine("MXNet").setRandomSeed((int) options.seed());
    try (NetworkTrainer trainer =
        NetworkTrainer.begin(
            network,
            InitialWeights.of(network, options.seed()),
            CONVENTIONS,
            preprocessing,
            new CosineSchedule(LEARNING_RATE, options.epochs() * stepsPerEpoch),
            BATCH)) {
      Batches batches = new Batches(training, BATCH, new Random(options.seed()));
      int best = -1;
      for (int epoch = 1; epoch <= options.epochs(); epoch++) {
        Epoch result = epoch(trainer, batches, epoch, stepsPerEpoch);
        Accuracy accuracy = Accuracy.of(trainer::logits, validation);
        boolean kept = accuracy.right() >= best;
        if (kept) {
          best = accuracy.right();
          write(trainer, facts(epoch));
        }
        listener.epoch(epoch, result.loss(), result.accuracy(), accuracy, kept);
      }
    }
    return examine();
  }

  private record Epoch(double loss, double accuracy) {}

  private Epoch epoch(NetworkTrainer trainer, Batches batches, int epoch, int steps) {
    batches.shuffle();
    int side = side(epoch);
    double loss = 0;
    int right = 0;
    for (int step = 0; step < steps; step++) {
      Batches.Batch batch = batches.get(step, side);
      NetworkTrainer.Step result = trainer.step(batch.pixels(), side, batch.labels());
      loss += result.loss();
      right += result.right();
      int done = step + 1;
      listener.step(epoch, done, steps, loss / done, (double) right / (done * BATCH));
    }
    return new Epoch(loss / steps, (double) right / (steps * BATCH));
  }

  /**
   * Most epochs learn from smaller pictures, which takes less than half the time (progressive
   * learning, EfficientNetV2, arXiv 2104.00298).
   */
  private int side(int epoch) {
    boolean small = epoch <= options.epochs() * SMALL_SHARE;
    return small ? Math.min(SMALL_SIDE, network.resolution()) : network.resolution();
  }

  /** Measures what was written, as it will be run: rounded to float16, folded, for inference. */
  private ModelCard examine() throws IOException, ModelException {
    Model model = ModelDirectory.on(options.directory()).load();
    long seed = options.seed() + HELD_OUT_SEED_OFFSET;
    Accuracy accuracy = examine(model, draw(seed, HELD_OUT_PICTURES));
    Map<String, Object> facts = new LinkedHashMap<>();
    if (model.card().facts() != null) {
      facts.putAll(model.card().facts());
    }
    facts.put("heldOutAccuracy", accuracy.share());
    facts.put("heldOutPictures", accuracy.pictures());
    facts.put("heldOutSeed", seed);
    ModelCard card =
        ModelDirectory.write(
            options.directory(),
            card(facts),
            Subject.labels(),
            model.weights().tensors(),
            Safetensors.Precision.F16);
    listener.finished(accuracy);
    return card;
  }

  /** The accuracy of any model of these classes on pictures that suit it. */
  static Accuracy examine(Model model, PictureSet pictures) throws IOException {
    try (SymbolicNetwork inference =
        SymbolicNetwork.load(
            InferenceGraph.of(
                model.card().network(),
                model.weights(),
                model.card().conventions(),
                model.card().preprocessing(),
                Op.InputType.PIXELS),
            model.card().preprocessing().size())) {
      return Accuracy.of(inference::logits, pictures);
    }
  }

  private PictureSet draw(long seed, int count) {
    return PictureSet.draw(new SyntheticPictures(seed), count, preprocessing, listener::drawn);
  }

  private void write(NetworkTrainer trainer, Map<String, Object> facts) throws IOException {
    ModelDirectory.write(
        options.directory(),
        card(facts),
        Subject.labels(),
        trainer.tensors(),
        Safetensors.Precision.F16);
  }

  private ModelCard card(Map<String, Object> facts) {
    return new ModelCard(
        options.variant(),
        options.variant(),
        scaling,
        network.classes(),
        CONVENTIONS,
        preprocessing,
        "",
        facts);
  }

  private Map<String, Object> facts(int epoch) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("phi", options.phi());
    facts.put("parameters", network.parameters());
    facts.put("flops", network.flops());
    facts.put("weightsBytes", 2 * tensorValues());
    facts.put("source", "learnt from pictures that this program draws");
    facts.put("command", options.command());
    facts.put("trainingSeed", options.seed());
    facts.put("trainingPictures", options.pictures());
    facts.put("epochs", options.epochs());
    facts.put("bestEpoch", epoch);
    return facts;
  }

  private long tensorValues() {
    return network.tensors().values().stream()
        .mapToLong(dev.phistream.model.Tensor::elements)
        .sum();
  }
}
