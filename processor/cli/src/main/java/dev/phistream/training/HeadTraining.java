package dev.phistream.training;

import dev.phistream.model.Model;
import dev.phistream.model.NetworkCut;
import dev.phistream.model.Noise;
import dev.phistream.model.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Learns a new classifier from frozen features. Cross-validation comes first: five classifiers,
 * each of which learns from four fifths of the images and is asked about the last. It tells how
 * many epochs are best, what the network says of images that it has not learnt from, and which
 * labels are suspect, at the price of no image. For one thread.
 */
final class HeadTraining {
  private static final int FOLDS = 5;

  /** Epochs without a better one, after which the cross-validation ends. */
  private static final int PATIENCE = 12;

  /** With more images one fold tells enough. */
  private static final int MANY = 4000;

  private final Model model;
  private final Features features;
  private final HeadRecipe recipe;
  private final TransferListener listener;
  private final List<Double> calibrated = new ArrayList<>();

  HeadTraining(Model model, Features features, HeadRecipe recipe, TransferListener listener) {
    this.model = model;
    this.features = features;
    this.recipe = recipe;
    this.listener = listener;
  }

  /**
   * A classifier.
   *
   * @param tensors its weight and bias, by the network's names
   * @param history of the last training, with the loss and accuracy of the cross-validation
   * @param heldOut answers on images of training that the asked classifier had not learnt from
   */
  record Result(Map<String, Tensor> tensors, List<Epoch> history, List<Judged> heldOut) {
    Result {
      history = List.copyOf(history);
      heldOut = List.copyOf(heldOut);
    }
  }

  /** Trains on images, which are at least one of each class. */
  Result train(List<ImageData.Image> images) throws IOException {
    int epochs = recipe.epochs(images.size());
    int folds = folds(images);
    int[] fold = deal(images);
    List<Run> runs = new ArrayList<>();
    try {
      for (int out = 0; out < folds; out++) {
        List<ImageData.Image> learnt = new ArrayList<>();
        List<ImageData.Image> asked = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
          (fold[i] == out ? asked : learnt).add(images.get(i));
        }
        runs.add(new Run(learnt, asked, epochs, out + 1));
      }
      List<List<Judged>> heldOut = crossValidated(runs, epochs);
      int best = heldOut.isEmpty() ? epochs - 1 : best(heldOut);
      return whole(images, epochs, best, heldOut);
    } finally {
      runs.forEach(Run::close);
    }
  }

  /** What all say of the images they do not learn from, by epoch. */
  private List<List<Judged>> crossValidated(List<Run> runs, int epochs) {
    List<List<Judged>> heldOut = new ArrayList<>();
    if (runs.isEmpty()) {
      return heldOut;
    }
    listener.begin("cross-validation", epochs);
    for (int epoch = 0; epoch < epochs; epoch++) {
      List<Judged> answers = new ArrayList<>();
      for (Run run : runs) {
        run.epoch(epoch);
        answers.addAll(run.answers());
      }
      heldOut.add(answers);
      listener.step();
      if (epoch - best(heldOut) >= PATIENCE) {
        break;
      }
    }
    return heldOut;
  }

  private Result whole(
      List<ImageData.Image> images, int epochs, int best, List<List<Judged>> heldOut)
      throws IOException {
    List<Epoch> history = new ArrayList<>();
    listener.begin("head", best + 1);
    try (Run run = new Run(images, List.of(), epochs, 0)) {
      for (int epoch = 0; epoch <= best; epoch++) {
        Epoch learnt = run.epoch(epoch);
        Evaluation asked =
            new Evaluation(model.labels(), heldOut.isEmpty() ? List.of() : heldOut.get(epoch));
        history.add(new Epoch(learnt.loss(), learnt.accuracy(), loss(asked), accuracy(asked)));
        listener.step();
        listener.progress(learnt.loss(), learnt.accuracy());
      }
      Epoch last = history.get(best);
      listener.epoch(
          "head", best + 1, epochs, last, heldOut.isEmpty() ? null : last.tuneAccuracy());
      return new Result(
          run.trainer.tensors(), history, heldOut.isEmpty() ? List.of() : heldOut.get(best));
    }
  }

  private static double loss(Evaluation asked) {
    return asked.images().isEmpty() ? Double.NaN : asked.loss();
  }

  private static double accuracy(Evaluation asked) {
    return asked.images().isEmpty() ? Double.NaN : asked.top(1).value();
  }

  private static int folds(List<ImageData.Image> images) {
    if (images.size() > MANY) {
      return 1;
    }
    return images.size() < 2 * FOLDS ? 0 : FOLDS;
  }

  /** The epoch with the least loss on images that were not learnt from, at its temperature. */
  private int best(List<List<Judged>> heldOut) {
    for (int epoch = calibrated.size(); epoch < heldOut.size(); epoch++) {
      Evaluation asked = new Evaluation(model.labels(), heldOut.get(epoch));
      calibrated.add(asked.at(asked.temperature()).loss());
    }
    int best = 0;
    for (int epoch = 1; epoch < heldOut.size(); epoch++) {
      if (calibrated.get(epoch) < calibrated.get(best)) {
        best = epoch;
      }
    }
    return best;
  }

  /** Deals each class out by turns; a class with one image is always learnt from. */
  private int[] deal(List<ImageData.Image> images) {
    int[] counts = new int[model.labels().size()];
    images.forEach(image -> counts[image.label()]++);
    int[] next = new int[counts.length];
    int[] fold = new int[images.size()];
    for (int i = 0; i < fold.length; i++) {
      int label = images.get(i).label();
      fold[i] = counts[label] == 1 ? -1 : next[label]++ % FOLDS;
    }
    return fold;
  }

  /** One classifier in training. */
  private final class Run implements AutoCloseable {
    private final List<ImageData.Image> learnt;
    private final List<ImageData.Image> asked;
    private final int number;
    private final int batch;
    private final int batches;
    private final CosineSchedule rate;
    private final Targets targets;
    private final StageTrainer trainer;

    Run(List<ImageData.Image> learnt, List<ImageData.Image> asked, int epochs, int number)
        throws IOException {
      this.learnt = learnt;
      this.asked = asked;
      this.number = number;
      batch = Math.min(recipe.batch(), learnt.size());
      batches = (learnt.size() + batch - 1) / batch;
      rate = new CosineSchedule(recipe.rate(), epochs * batches);
      targets = new Targets(model.labels().size(), recipe.smoothing(), recipe.balanced(), learnt);
      NetworkCut cut = NetworkCut.belowClassifier(model.card().network());
      Noise noise = new Noise(recipe.dropout(), 0);
      trainer =
          StageTrainer.begin(
              Trainable.folded(cut, model.weights(), model.card(), noise),
              recipe.averaging(),
              recipe.weightDecay());
    }

    Epoch epoch(int epoch) {
      long seed = recipe.seed() * 1_000_003 + number * 10_007L + epoch;
      StageTrainer.seed(seed);
      Random random = new Random(seed);
      List<ImageData.Image> order = new ArrayList<>(learnt);
      Collections.shuffle(order, random);
      float[] rates = new float[trainer.depths().length];
      double loss = 0;
      int right = 0;
      for (int i = 0; i < batches; i++) {
        List<ImageData.Image> part =
            order.subList(i * batch, Math.min(order.size(), (i + 1) * batch));
        Arrays.fill(rates, rate.getNewValue(epoch * batches + i));
        StageTrainer.Step step = step(trainer, targets, part, rates, random);
        loss += step.loss() * part.size();
        right += right(part, step.logits());
      }
      return new Epoch(
          loss / learnt.size(), (double) right / learnt.size(), Double.NaN, Double.NaN);
    }

    List<Judged> answers() {
      return trainer.averaged(() -> HeadTraining.this.answers(trainer, asked));
    }

    @Override
    public void close() {
      trainer.close();
    }
  }

  private StageTrainer.Step step(
      StageTrainer trainer,
      Targets targets,
      List<ImageData.Image> part,
      float[] rates,
      Random random) {
    List<float[]> maps = new ArrayList<>();
    float[] wanted = new float[part.size() * model.labels().size()];
    for (int row = 0; row < part.size(); row++) {
      ImageData.Image image = part.get(row);
      maps.add(random.nextBoolean() ? features.mirrored(image) : features.plain(image));
      targets.put(wanted, row, image.label(), part.size());
    }
    return trainer.step(Inputs.ofMaps(maps), wanted, rates);
  }

  private static int right(List<ImageData.Image> images, List<float[]> logits) {
    int right = 0;
    for (int i = 0; i < images.size(); i++) {
      right += new Judged(images.get(i), logits.get(i)).right() ? 1 : 0;
    }
    return right;
  }

  private List<Judged> answers(StageTrainer trainer, List<ImageData.Image> images) {
    List<Judged> answers = new ArrayList<>();
    if (images.isEmpty()) {
      return answers;
    }
    List<float[]> logits =
        trainer.logits(Inputs.ofMaps(images.stream().map(features::plain).toList()));
    for (int i = 0; i < images.size(); i++) {
      answers.add(new Judged(images.get(i), logits.get(i)));
    }
    return answers;
  }
}
