package dev.phistream.training;

import dev.phistream.inference.InferenceException;
import dev.phistream.model.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Learns the upper stages of a network from ever new views of the images, while other threads make
 * the next views and run the frozen stages on them. Each epoch depends on the seed, its number and
 * the state before it alone, so that a training that was interrupted goes on as it would have. For
 * one thread.
 */
final class FineTuning {
  private static final int AHEAD = 3;
  private static final int TRIAL_STEPS = 5;
  private static final long MOST_KEPT = 64L << 20;

  private final ImageData data;
  private final List<String> classes;
  private final Trainable trainable;
  private final @Nullable Backbone backbone;
  private final PixelStore pixels;
  private final FineTuneRecipe recipe;
  private final @Nullable Checkpoints checkpoints;
  private final int threads;
  private final TransferListener listener;
  private final Map<String, float[]> tuneMaps = new HashMap<>();

  FineTuning(
      ImageData data,
      Trainable trainable,
      @Nullable Backbone backbone,
      PixelStore pixels,
      FineTuneRecipe recipe,
      @Nullable Checkpoints checkpoints,
      int threads,
      TransferListener listener) {
    this.data = data;
    this.classes = data.classes();
    this.trainable = trainable;
    this.backbone = backbone;
    this.pixels = pixels;
    this.recipe = recipe;
    this.checkpoints = checkpoints;
    this.threads = threads;
    this.listener = listener;
  }

  /**
   * What was learnt.
   *
   * @param tensors of the learnt stages, by the network's names
   * @param history all epochs
   * @param best index of the epoch that the tensors come from
   * @param tuned answers on the tuning images
   */
  record Result(Map<String, Tensor> tensors, List<Epoch> history, int best, List<Judged> tuned) {}

  /** A batch, ready to be learnt from. */
  private record Prepared(List<ImageData.Image> images, Inputs inputs, float[] wanted) {}

  /** Seconds that an epoch will take, from a few steps that nothing comes of. */
  double estimate()
      throws IOException, TrainingException, InferenceException, InterruptedException {
    List<ImageData.Image> learnt = data.of(Split.TRAIN);
    int batch = Math.min(recipe.batch(), learnt.size());
    int batches = Math.max(1, learnt.size() / batch);
    Targets targets = new Targets(classes.size(), recipe.smoothing(), recipe.balanced(), learnt);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try (StageTrainer trainer = StageTrainer.begin(trainable, 0, 0)) {
      float[] rates = new float[trainer.depths().length];
      List<Future<Prepared>> ahead = new ArrayList<>();
      for (int i = 0; i < TRIAL_STEPS; i++) {
        long seed = i;
        ahead.add(pool.submit(() -> prepare(learnt.subList(0, batch), targets, new Random(seed))));
      }
      Prepared first = wait(ahead.get(0));
      trainer.step(first.inputs(), first.wanted(), rates);
      long start = System.nanoTime();
      for (Future<Prepared> next : ahead.subList(1, ahead.size())) {
        Prepared prepared = wait(next);
        trainer.step(prepared.inputs(), prepared.wanted(), rates);
      }
      return (System.nanoTime() - start) / 1e9 / (TRIAL_STEPS - 1) * batches;
    } finally {
      pool.shutdownNow();
    }
  }

  /** Trains from the last checkpoint on, or from the beginning. */
  Result run() throws IOException, TrainingException, InferenceException, InterruptedException {
    List<ImageData.Image> learnt = data.of(Split.TRAIN);
    List<ImageData.Image> tune = data.of(Split.TUNE);
    int batch = Math.min(recipe.batch(), learnt.size());
    int batches = Math.max(1, learnt.size() / batch);
    CosineSchedule schedule = new CosineSchedule(recipe.headRate(), recipe.epochs() * batches);
    Targets targets = new Targets(classes.size(), recipe.smoothing(), recipe.balanced(), learnt);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try (StageTrainer trainer =
        StageTrainer.begin(trainable, recipe.averaging(), recipe.weightDecay())) {
      Progress progress = checkpoints == null ? Progress.none() : checkpoints.restore(trainer);
      float[] parts = parts(trainer);
      while (progress.next() < recipe.epochs() && !progress.isOver(recipe.patience())) {
        int epoch = progress.next();
        listener.begin("epoch %d/%d".formatted(epoch + 1, recipe.epochs()), batches);
        Epoch result =
            epoch(trainer, learnt, targets, batch, batches, epoch, schedule, parts, pool);
        List<Judged> tuned = trainer.averaged(() -> answers(trainer, tune));
        Evaluation evaluation = new Evaluation(classes, tuned);
        Epoch complete =
            new Epoch(
                result.loss(),
                result.accuracy(),
                tune.isEmpty() ? Double.NaN : evaluation.loss(),
                tune.isEmpty() ? Double.NaN : evaluation.top(1).value());
        progress = progress.with(complete, tune.isEmpty(), trainer::tensors, tuned);
        listener.epoch(
            "fine-tune",
            epoch + 1,
            recipe.epochs(),
            complete,
            tune.isEmpty() ? null : complete.tuneAccuracy());
        if (checkpoints != null) {
          checkpoints.keep(trainer, progress);
        }
      }
      return new Result(
          progress.bestTensors(), progress.history(), progress.best(), progress.bestTuned());
    } catch (Unprepared e) {
      throw e.unwrapped();
    } finally {
      pool.shutdownNow();
    }
  }

  private float[] parts(StageTrainer trainer) {
    int[] depths = trainer.depths();
    float[] parts = new float[depths.length];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = recipe.part(depths[i]);
    }
    return parts;
  }

  private Epoch epoch(
      StageTrainer trainer,
      List<ImageData.Image> learnt,
      Targets targets,
      int batch,
      int batches,
      int epoch,
      CosineSchedule schedule,
      float[] parts,
      ExecutorService pool)
      throws TrainingException, InferenceException, InterruptedException {
    long seed = recipe.seed() * 1_000_003 + 500_009 + epoch;
    StageTrainer.seed(seed);
    List<ImageData.Image> order = new ArrayList<>(learnt);
    Collections.shuffle(order, new Random(seed));
    BlockingQueue<Future<Prepared>> ahead = new ArrayBlockingQueue<>(AHEAD + threads);
    int submitted = 0;
    double loss = 0;
    int right = 0;
    float[] rates = new float[parts.length];
    for (int i = 0; i < batches; i++) {
      while (submitted < batches && ahead.remainingCapacity() > 0) {
        List<ImageData.Image> part = order.subList(submitted * batch, (submitted + 1) * batch);
        long viewSeed = seed * 31 + submitted;
        ahead.add(pool.submit(() -> prepare(part, targets, new Random(viewSeed))));
        submitted++;
      }
      Prepared next = wait(ahead.remove());
      float rate = schedule.getNewValue(epoch * batches + i);
      for (int p = 0; p < rates.length; p++) {
        rates[p] = rate * parts[p];
      }
      StageTrainer.Step step = trainer.step(next.inputs(), next.wanted(), rates);
      loss += step.loss();
      for (int row = 0; row < batch; row++) {
        right += new Judged(next.images().get(row), step.logits().get(row)).right() ? 1 : 0;
      }
      listener.step();
      listener.progress(loss / (i + 1), (double) right / ((i + 1) * batch));
    }
    return new Epoch(loss / batches, (double) right / (batches * batch), Double.NaN, Double.NaN);
  }

  private static Prepared wait(Future<Prepared> batch)
      throws TrainingException, InferenceException, InterruptedException {
    try {
      return batch.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TrainingException failure) {
        throw failure;
      }
      if (e.getCause() instanceof InferenceException failure) {
        throw failure;
      }
      throw new IllegalStateException("a batch", e.getCause());
    }
  }

  private Prepared prepare(List<ImageData.Image> images, Targets targets, Random random)
      throws TrainingException, InferenceException, InterruptedException {
    int size = trainable.card().preprocessing().size();
    List<byte[]> views = new ArrayList<>();
    for (ImageData.Image image : images) {
      views.add(recipe.augment().apply(pixels.whole(image), size, random));
    }
    float[] wanted = new float[images.size() * classes.size()];
    if (recipe.mixup() > 0) {
      double share = Mixup.share(recipe.mixup(), random);
      views = Mixup.mixed(views, share);
      for (int row = 0; row < images.size(); row++) {
        ImageData.Image other = images.get(images.size() - 1 - row);
        targets.put(wanted, row, images.get(row).label(), share, images.size());
        targets.put(wanted, row, other.label(), 1 - share, images.size());
      }
    } else {
      for (int row = 0; row < images.size(); row++) {
        targets.put(wanted, row, images.get(row).label(), images.size());
      }
    }
    return new Prepared(images, inputs(views), wanted);
  }

  private Inputs inputs(List<byte[]> views) throws InferenceException, InterruptedException {
    Backbone frozen = backbone;
    if (frozen == null) {
      return Inputs.ofPixels(views);
    }
    List<float[]> maps = new ArrayList<>();
    for (int from = 0; from < views.size(); from += Backbone.BATCH) {
      maps.addAll(frozen.maps(views.subList(from, Math.min(views.size(), from + Backbone.BATCH))));
    }
    return Inputs.ofMaps(maps);
  }

  /** Carries a checked exception out of a lambda. */
  private static final class Unprepared extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unprepared(Exception cause) {
      super(cause);
    }

    RuntimeException unwrapped()
        throws TrainingException, InferenceException, InterruptedException {
      if (getCause() instanceof TrainingException failure) {
        throw failure;
      }
      if (getCause() instanceof InferenceException failure) {
        throw failure;
      }
      if (getCause() instanceof InterruptedException failure) {
        throw failure;
      }
      return this;
    }
  }

  private List<Judged> answers(StageTrainer trainer, List<ImageData.Image> images) {
    List<Judged> answers = new ArrayList<>();
    try {
      for (int from = 0; from < images.size(); from += recipe.batch()) {
        List<ImageData.Image> part =
            images.subList(from, Math.min(images.size(), from + recipe.batch()));
        List<float[]> logits = trainer.logits(plain(part));
        for (int i = 0; i < part.size(); i++) {
          answers.add(new Judged(part.get(i), logits.get(i)));
        }
      }
    } catch (TrainingException | InferenceException | InterruptedException e) {
      throw new Unprepared(e);
    }
    return answers;
  }

  /** Tuning images are looked at after each epoch, so that their maps are kept if they are few. */
  private Inputs plain(List<ImageData.Image> images)
      throws TrainingException, InferenceException, InterruptedException {
    if (backbone == null) {
      List<byte[]> views = new ArrayList<>();
      for (ImageData.Image image : images) {
        views.add(pixels.plain(image));
      }
      return Inputs.ofPixels(views);
    }
    List<float[]> maps = new ArrayList<>();
    for (ImageData.Image image : images) {
      float[] map = tuneMaps.get(image.sha256());
      if (map == null) {
        map = backbone.maps(List.of(pixels.plain(image))).get(0);
        if ((tuneMaps.size() + 1L) * map.length < MOST_KEPT) {
          tuneMaps.put(image.sha256(), map);
        }
      }
      maps.add(map);
    }
    return Inputs.ofMaps(maps);
  }
}
