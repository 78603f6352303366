package dev.phistream.runtime;

import dev.phistream.inference.ComputeDevice;
import dev.phistream.inference.InferenceEngine;
import dev.phistream.inference.InferenceException;
import dev.phistream.inference.NetworkRunner;
import dev.phistream.inference.TooLargeForDeviceException;
import dev.phistream.inference.WarmUp;
import dev.phistream.model.Model;
import dev.phistream.model.ModelException;
import dev.phistream.model.Op;
import dev.phistream.pipeline.RunnerDevice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings models onto devices and warms them. */
final class ModelLoader {
  private static final Logger log = LoggerFactory.getLogger(ModelLoader.class);

  private final InferenceEngine engine;
  private final int maxBatch;

  /**
   * Creates a loader.
   *
   * @param maxBatch the largest batch to warm; devices with less memory get a smaller one
   */
  ModelLoader(InferenceEngine engine, int maxBatch) {
    this.engine = engine;
    this.maxBatch = maxBatch;
  }

  /**
   * Loads and warms.
   *
   * @param places one entry per worker; workers on the CPU name it again and again
   * @return for each model, in order, a runner per place, in order
   * @throws ModelException when a model does not load or run, or answers with what is no number;
   *     then none is left in memory
   */
  List<List<RunnerDevice.WarmRunner>> load(List<Model> models, List<ComputeDevice> places)
      throws ModelException {
    List<NetworkRunner> loaded = new ArrayList<>();
    try {
      // All of them before the first is warmed: what batches may take is what the models leave.
      List<List<NetworkRunner>> runners = new ArrayList<>();
      for (Model model : models) {
        List<NetworkRunner> ofModel = engine.load(model, Op.InputType.PIXELS, places);
        loaded.addAll(ofModel);
        runners.add(ofModel);
      }
      List<List<RunnerDevice.WarmRunner>> warm = new ArrayList<>();
      for (int m = 0; m < models.size(); m++) {
        List<RunnerDevice.WarmRunner> ofModel = new ArrayList<>();
        for (int p = 0; p < places.size(); p++) {
          RunnerDevice.WarmRunner runner =
              warm(models.get(m), places.get(p), runners.get(m).get(p));
          if (places.indexOf(places.get(p)) == p) { // else the same weights on the same device
            ModelCheck.numbers(models.get(m), runner.runner());
          }
          ofModel.add(runner);
        }
        warm.add(List.copyOf(ofModel));
      }
      return List.copyOf(warm);
    } catch (ModelException | RuntimeException e) {
      loaded.forEach(NetworkRunner::close);
      throw e;
    }
  }

  private RunnerDevice.WarmRunner warm(Model model, ComputeDevice place, NetworkRunner runner)
      throws ModelException {
    String id = model.card().id();
    long started = System.nanoTime();
    WarmUp.Result warmth;
    try {
      warmth = WarmUp.run(runner, model.card().network().resolution(), maxBatch);
    } catch (TooLargeForDeviceException e) {
      throw new ModelException(
          "model %s: %s cannot run even a single image (expected: memory enough for one; serve fewer or smaller models there, or free its memory): %s"
              .formatted(id, place.name(), e.getMessage()),
          e);
    } catch (InferenceException e) {
      throw new ModelException("model %s: does not run: %s".formatted(id, e.getMessage()), e);
    }
    int largest = warmth.largest();
    if (largest < maxBatch) {
      log.warn(
          "{} cannot run {} images of {} at once: at most {} in a micro-batch from now on, not {}",
          place.name(),
          maxBatch,
          model.card().variant(),
          largest,
          maxBatch);
    }
    log.info(
        "{} warm on {} for micro-batches of 1 to {}, after {} ms",
        id,
        place.name(),
        largest,
        Duration.ofNanos(System.nanoTime() - started).toMillis());
    return new RunnerDevice.WarmRunner(runner, largest, warmth.times());
  }
}
