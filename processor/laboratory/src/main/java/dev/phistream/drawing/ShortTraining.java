package dev.phistream.drawing;

import ai.djl.engine.Engine;
import dev.phistream.image.Preprocessing;
import dev.phistream.inference.InferenceException;
import dev.phistream.inference.MxnetEngine;
import dev.phistream.model.Architecture;
import dev.phistream.model.ModelException;
import dev.phistream.model.Scaling;
import dev.phistream.training.CosineSchedule;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/**
 * Trains networks for a short while, all on the same synthetic images, to compare them. Nothing is
 * written. For one thread.
 */
public final class ShortTraining {
  private static final float LEARNING_RATE = 0.01f;
  private static final int TRIAL_STEPS = 6;

  private final Options options;
  private final List<byte[]> training;
  private final List<byte[]> test;

  /**
   * How long.
   *
   * @param images learnt from
   * @param testImages that the accuracy is measured on, from another seed
   * @param epochs passes over the images
   * @param seed of images, weights and order
   */
  public record Options(int images, int testImages, int epochs, long seed) {
    /** Checks the numbers. */
    public Options {
      if (images < SyntheticTraining.BATCH) {
        throw new IllegalArgumentException(
            "images: %d (expected: >= %d, one batch)".formatted(images, SyntheticTraining.BATCH));
      }
      if (testImages < 1) {
        throw new IllegalArgumentException("test-images: " + testImages + " (expected: >= 1)");
      }
      if (epochs < 1) {
        throw new IllegalArgumentException("epochs: " + epochs + " (expected: >= 1)");
      }
      if (seed < 0 || seed >= Seeds.TRAINING_END) {
        throw new IllegalArgumentException(
            "seed: %d (expected: 0 to %d)".formatted(seed, Seeds.TRAINING_END - 1));
      }
    }

    /** Steps of one training. */
    public int steps() {
      return epochs * (images / SyntheticTraining.BATCH);
    }
  }

  /** Draws the images and loads the engine. */
  public ShortTraining(Options options) throws ModelException {
    // One thread per operation, as in SyntheticTraining: faster on a busy machine.
    MxnetEngine.start(Runtime.getRuntime().availableProcessors());
    this.options = options;
    training = jpegs(options.seed(), options.images());
    test = jpegs(Seeds.validation(options.seed()), options.testImages());
  }

  private static List<byte[]> jpegs(long seed, int count) {
    SyntheticImages images = new SyntheticImages(seed);
    return LongStream.range(0, count).parallel().mapToObj(images::jpeg).toList();
  }

  /** Seconds that a training of this network would take, from a few of its steps. */
  public double estimate(Architecture architecture, Scaling scaling)
      throws IOException, ModelException {
    Trainee trainee = Trainee.untaught(architecture, scaling, options.seed());
    ImageSet set = images(training.subList(0, SyntheticTraining.BATCH), trainee);
    Batches batches = new Batches(set, SyntheticTraining.BATCH, new Random(options.seed()));
    try (NetworkTrainer trainer =
        NetworkTrainer.begin(trainee, new CosineSchedule(LEARNING_RATE, options.steps()))) {
      step(trainer, batches, 0, trainee);
      step(trainer, batches, 0, trainee);
      long start = System.nanoTime();
      for (int i = 0; i < TRIAL_STEPS; i++) {
        step(trainer, batches, 0, trainee);
      }
      return (System.nanoTime() - start) / 1e9 / TRIAL_STEPS * options.steps();
    }
  }

  /** Trains a network from the beginning and measures what it has learnt. */
  public Accuracy train(Architecture architecture, Scaling scaling)
      throws IOException, ModelException, InferenceException {
    Trainee trainee = Trainee.untaught(architecture, scaling, options.seed());
    Batches batches =
        new Batches(images(training, trainee), SyntheticTraining.BATCH, new Random(options.seed()));
    Engine.getEngine("MXNet").setRandomSeed((int) options.seed());
    try (NetworkTrainer trainer =
        NetworkTrainer.begin(trainee, new CosineSchedule(LEARNING_RATE, options.steps()))) {
      for (int epoch = 0; epoch < options.epochs(); epoch++) {
        batches.shuffle();
        for (int i = 0; i < batches.count(); i++) {
          step(trainer, batches, i, trainee);
        }
      }
      return Accuracy.of(trainer, images(test, trainee));
    }
  }

  private static void step(NetworkTrainer trainer, Batches batches, int index, Trainee trainee) {
    int side = trainee.network().resolution();
    Batches.Batch batch = batches.get(index, side);
    trainer.step(batch.pixels(), side, batch.labels());
  }

  private static ImageSet images(List<byte[]> jpegs, Trainee trainee) {
    Preprocessing preprocessing = trainee.preprocessing();
    return ImageSet.of(jpegs.size(), jpegs::get, preprocessing, done -> {});
  }
}
