package dev.phistream.runtime;

import dev.phistream.config.ConfigException;
import dev.phistream.config.Settings;
import dev.phistream.model.Model;
import dev.phistream.trial.Trial;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The configured trials. */
final class ConfiguredTrials {
  private ConfiguredTrials() {}

  /** Returns the trials in order of their names. */
  static List<Trial> of(Settings settings) {
    return new TreeMap<>(settings.trials())
        .entrySet().stream().map(ConfiguredTrials::trial).toList();
  }

  private static Trial trial(Map.Entry<String, Settings.TrialSettings> configured) {
    Settings.TrialSettings trial = configured.getValue();
    return new Trial(
        configured.getKey(), trial.kind(), trial.variant(), trial.share(), trial.compareShare());
  }

  /** Refuses a model with other classes than the variant's own. */
  static void checkLabels(Settings settings, Trial trial, Model model, Model own)
      throws ConfigException {
    if (!model.labels().equals(own.labels())) {
      throw new ConfigException(
          List.of(
              settings
                  .provenance()
                  .problem(
                      "trials.%s.model".formatted(trial.name()),
                      model.card().id(),
                      "a model with the same classes in the same order as %s, or model-switch.allow-label-change set to true"
                          .formatted(own.card().id()),
                      "")));
    }
  }
}
