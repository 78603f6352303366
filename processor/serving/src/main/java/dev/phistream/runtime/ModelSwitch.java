package dev.phistream.runtime;

import dev.phistream.batching.MicroBatcher;
import dev.phistream.batching.QueueKey;
import dev.phistream.image.Preprocessor;
import dev.phistream.inference.ComputeDevice;
import dev.phistream.inference.InferenceEngine;
import dev.phistream.model.Model;
import dev.phistream.model.ModelCard;
import dev.phistream.model.ModelDirectory;
import dev.phistream.model.ModelException;
import dev.phistream.model.ModelProbes;
import dev.phistream.pipeline.ActiveModels;
import dev.phistream.pipeline.Labels;
import dev.phistream.pipeline.LoadedModel;
import dev.phistream.pipeline.RunnerDevice;
import dev.phistream.pipeline.ServedModel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts another model in a variant's or trial's place while events are answered: loads, warms and
 * checks it first, and only a model that passes takes the place. The model before it stays in
 * memory, for the way back; the one before that is freed when its last event is answered.
 * Thread-safe; changes happen one at a time.
 */
final class ModelSwitch {
  private static final Logger log = LoggerFactory.getLogger(ModelSwitch.class);

  private final InferenceEngine engine;
  private final ModelLoader loader;
  private final List<ComputeDevice> places;
  private final List<RunnerDevice> devices;
  private final MicroBatcher<byte[], float[]> batcher;
  private final ActiveModels activeModels;
  private final boolean allowLabelChange;
  private final Map<String, String> onlyVariant;
  private final Set<QueueKey> known = new HashSet<>();
  private boolean closed;
  private int loads;

  /**
   * Creates it.
   *
   * @param places one entry per device, in the batcher's order
   * @param allowLabelChange whether a model with other classes may take the place
   * @param onlyVariant of seats whose models must be of one variant: which
   */
  ModelSwitch(
      InferenceEngine engine,
      ModelLoader loader,
      List<ComputeDevice> places,
      List<RunnerDevice> devices,
      MicroBatcher<byte[], float[]> batcher,
      ActiveModels activeModels,
      boolean allowLabelChange,
      Map<String, String> onlyVariant) {
    this.engine = engine;
    this.loader = loader;
    this.places = places;
    this.devices = devices;
    this.batcher = batcher;
    this.activeModels = activeModels;
    this.allowLabelChange = allowLabelChange;
    this.onlyVariant = Map.copyOf(onlyVariant);
  }

  /**
   * Lets a model answer for a slot from now on: a variant or, where that is the trial's model, a
   * trial. Does nothing if it does so already; takes the model that is kept for the way back
   * without loading it again.
   *
   * @return whether the model that answers is another than before
   * @throws ModelException when the model is missing, damaged, another variant's, has no room or
   *     fails its probes; then the one before goes on answering
   */
  synchronized boolean to(String slot, ModelDirectory directory) throws ModelException {
    ActiveModels.ModelPair pair = activeModels.pair(slot);
    ModelCard card = directory.card();
    String variant = onlyVariant.getOrDefault(slot, card.variant());
    if (!card.variant().equals(variant)) {
      throw new ModelException(
          "model %s: of variant %s (expected: variant %s, whose place it shall take)"
              .formatted(card.id(), card.variant(), variant));
    }
    if (isOf(pair.current(), card)) {
      return false;
    }
    LoadedModel previous = pair.previous();
    if (previous != null && isOf(previous, card)) {
      activeModels.swap(
          slot,
          new ActiveModels.ModelPair(/* current= */ previous, /* previous= */ pair.current()));
      log.info("{} answers for {} again, in place of {}", card.id(), slot, id(pair.current()));
      return true;
    }
    LoadedModel fresh = load(directory, card, pair.current().model());
    activeModels.swap(slot, new ActiveModels.ModelPair(fresh, pair.current()));
    retire(previous);
    log.info(
        "{} ({}) answers for {} from now on, in place of {} ({}), which is kept",
        card.id(),
        card.weightsDigest(),
        slot,
        id(pair.current()),
        pair.current().model().weightsDigest());
    return true;
  }

  /**
   * A model that answers for a slot began to give answers that are no numbers: the model before it
   * takes its place again, if it is kept, and the broken one is freed.
   *
   * @return whether another model answers now; false only once for a model, so that what else can
   *     be done is done once
   */
  synchronized boolean back(String slot, LoadedModel broken) {
    ActiveModels.ModelPair pair = activeModels.pair(slot);
    if (closed || pair.current() != broken) {
      return true;
    }
    LoadedModel previous = pair.previous();
    if (previous == null) {
      return !known.add(broken.queue());
    }
    activeModels.swap(
        slot, new ActiveModels.ModelPair(/* current= */ previous, /* previous= */ null));
    retire(broken);
    log.error(
        "{} answered for {} with what is no number; {} answers again in its place",
        id(broken),
        slot,
        id(previous));
    return true;
  }

  /** No model is loaded from now on; waits for one that is being loaded. */
  synchronized void close() {
    closed = true;
  }

  private LoadedModel load(ModelDirectory directory, ModelCard card, ServedModel before)
      throws ModelException {
    if (closed) {
      throw new ModelException("variant %s: the processor is stopping".formatted(before.variant()));
    }
    Model model = directory.load();
    if (!model.card().variant().equals(card.variant())
        || !model.card().weightsDigest().equals(card.weightsDigest())) {
      throw new ModelException(
          "model %s: changed while it was read (expected: files that stay as they are)"
              .formatted(card.id()));
    }
    if (!allowLabelChange && !model.labels().equals(before.labels().names())) {
      throw new ModelException(
          "model %s: its classes are not those of %s (expected: the same names in the same order, or model-switch.allow-label-change set to true)"
              .formatted(model.card().id(), before.id()));
    }
    Optional<ModelProbes> probes = directory.probes();
    List<Integer> alive = new ArrayList<>();
    for (int i = 0; i < devices.size(); i++) {
      if (!batcher.isLost(i)) {
        alive.add(i);
      }
    }
    List<RunnerDevice.WarmRunner> runners =
        loader.load(List.of(model), alive.stream().map(places::get).toList()).get(0);
    try {
      for (RunnerDevice.WarmRunner warm : runners) {
        if (probes.isPresent()) {
          ModelCheck.run(model, warm.runner(), probes.get());
        } else {
          ModelProbes unused = ModelCheck.record(model, warm.runner(), engine.name());
        }
      }
    } catch (ModelException | RuntimeException e) {
      runners.forEach(warm -> warm.runner().close());
      throw e;
    }
    LoadedModel loaded = loaded(before.variant(), model, ++loads);
    for (int i = 0; i < runners.size(); i++) {
      devices.get(alive.get(i)).add(loaded.queue(), runners.get(i));
    }
    return loaded;
  }

  private void retire(@Nullable LoadedModel model) {
    if (model != null) {
      model.retire(
          () -> {
            devices.forEach(device -> device.remove(model.queue()));
            batcher.forget(model.queue());
            log.info("{} is freed", id(model));
          });
    }
  }

  /**
   * A model that has been loaded.
   *
   * @param slot the variant or trial for which it answers
   * @param load tells it from others of its slot
   */
  static LoadedModel loaded(String slot, Model model, int load) {
    ModelCard card = model.card();
    return new LoadedModel(
        new ServedModel(
            slot,
            card.id(),
            card.weightsDigest(),
            new Preprocessor(card.preprocessing()),
            new Labels(model.labels())),
        new QueueKey(slot, load));
  }

  private static boolean isOf(LoadedModel model, ModelCard card) {
    return model.is(card.id(), card.weightsDigest());
  }

  private static String id(LoadedModel model) {
    return model.model().id();
  }
}
