package dev.phistream.runtime;

import dev.phistream.model.ModelAlias;
import dev.phistream.model.ModelDirectory;
import dev.phistream.model.ModelException;
import dev.phistream.model.ModelLocator;
import dev.phistream.pipeline.LoadedModel;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether a configured name stands for another model than before, or a model's files have
 * changed, and switches to it. What was refused is tried again when its files change once more or
 * the alias is written again. {@link #poll} is called at intervals, by one thread.
 */
final class ModelWatch {
  private static final Logger log = LoggerFactory.getLogger(ModelWatch.class);

  private final ModelLocator locator;
  private final ModelSwitch models;
  private final Map<String, String> names;
  private final Map<String, String> seen = new HashMap<>();

  /**
   * Creates it. The first look takes every name for changed: it may have been since the models were
   * read for loading, which takes its time.
   *
   * @param names the configured name of the model of each slot, which is a variant or a trial
   */
  ModelWatch(ModelLocator locator, ModelSwitch models, Map<String, String> names) {
    this.locator = locator;
    this.models = models;
    this.names = Map.copyOf(names);
  }

  /** Switches what has changed; what is wrong with a model is logged. */
  void poll() {
    names.forEach(
        (slot, name) -> {
          String stamp = stamp(name);
          if (!stamp.equals(seen.put(slot, stamp))) {
            change(name, slot);
          }
        });
  }

  /**
   * A model began to answer with what is no number: the one before it answers again. Where none is
   * in memory, as after a restart, the alias tells which that was.
   */
  void back(String slot, LoadedModel broken) {
    if (models.back(slot, broken)) {
      return;
    }
    String name = names.get(slot);
    String reason = "there is no model before it";
    try {
      Optional<String> previous = locator.alias(String.valueOf(name)).map(ModelAlias::previous);
      if (previous.isPresent() && models.to(slot, locator.find(previous.get()))) {
        log.error(
            "{} answered for {} with what is no number; {}, which {} stood for before, answers in"
                + " its place",
            broken.model().id(),
            slot,
            previous.get(),
            name);
        return;
      }
    } catch (ModelException | RuntimeException | Error e) { // no memory, no native library
      reason = "the one before it is refused: " + e.getMessage();
    }
    log.error(
        "{} answers for {} with what is no number, and {}; its events fail until another model"
            + " takes its place",
        broken.model().id(),
        slot,
        reason);
  }

  private void change(String name, String slot) {
    try {
      ModelDirectory directory = locator.find(name);
      boolean unused = models.to(slot, directory);
    } catch (ModelException | RuntimeException | Error e) { // no memory, no native library
      log.error(
          "{} changed, but its model is refused, and the one before goes on answering for {}: {}",
          name,
          slot,
          e.getMessage(),
          e instanceof ModelException ? null : e);
    }
  }

  /** Of a name that cannot be looked up, the reason is its stamp. */
  private String stamp(String name) {
    try {
      String alias = locator.alias(name).map(ModelAlias::toString).orElse("");
      return alias + locator.find(name).stamp();
    } catch (ModelException | RuntimeException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
