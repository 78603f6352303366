package dev.phistream.runtime;

import dev.phistream.model.Model;
import dev.phistream.model.ModelCard;
import dev.phistream.trial.Trial;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The configured trials, checked. */
final class TrialSettings {
  private TrialSettings() {}

  /**
   * The trials, by name.
   *
   * @param variants the served variants
   * @throws ConfigException when a trial cannot be
   */
  static List<Trial> of(ProcessorConfig config, List<String> variants) throws ConfigException {
    List<Trial> trials = new ArrayList<>();
    Map<String, String> names = new HashMap<>();
    for (Map.Entry<String, ProcessorConfig.TrialConfig> configured :
        new TreeMap<>(config.trials()).entrySet()) {
      String name = configured.getKey();
      Trial trial = trial(name, configured.getValue());
      if (!variants.contains(trial.variant())) {
        throw new ConfigException(
            "trials.%s.variant: %s is not served (expected: one of %s)"
                .formatted(name, trial.variant(), String.join(", ", variants)));
      }
      String other = names.put(trial.variant(), name);
      if (other != null) {
        throw new ConfigException(
            "trials.%s.variant: %s has trial %s already (expected: one trial per variant)"
                .formatted(name, trial.variant(), other));
      }
      trials.add(trial);
    }
    return List.copyOf(trials);
  }

  private static Trial trial(String name, ProcessorConfig.TrialConfig config)
      throws ConfigException {
    try {
      return new Trial(name, config.kind(), config.variant(), config.share(), config.compared());
    } catch (IllegalArgumentException e) {
      throw new ConfigException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Refuses a canary of another variant: it takes the place of the variant's own model. */
  static void checkVariant(Trial trial, ModelCard card) throws ConfigException {
    if (trial.kind() == Trial.Kind.CANARY && !card.variant().equals(trial.variant())) {
      throw new ConfigException(
          "trials.%s.model: %s is of variant %s (expected: of variant %s, in whose place a canary answers; a shadow may be of any)"
              .formatted(trial.name(), card.id(), card.variant(), trial.variant()));
    }
  }

  /** Refuses a model with other classes than the variant's own. */
  static void checkLabels(Trial trial, Model model, Model own) throws ConfigException {
    if (!model.labels().equals(own.labels())) {
      throw new ConfigException(
          "trials.%s.model: the classes of %s are not those of %s (expected: the same names in the same order, or model-switch.other-labels set to true)"
              .formatted(trial.name(), model.card().id(), own.card().id()));
    }
  }
}
