package dev.phistream.runtime;

import dev.phistream.config.ConfigException;
import dev.phistream.config.Problem;
import dev.phistream.config.Role;
import dev.phistream.config.Settings;
import dev.phistream.model.ModelCard;
import dev.phistream.model.ModelDirectory;
import dev.phistream.model.ModelException;
import dev.phistream.model.ModelLocator;
import dev.phistream.repository.ModelRepository;
import dev.phistream.trial.Trial;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The models that settings name, found by their cards; their weights are not read. What settings
 * say about variants is checked against them.
 *
 * @param models the models of the variants, fastest first
 * @param trials the trials of the served variants
 * @param trialModels a model for each of the trials, in their order
 * @param served the variants that this process answers for, fastest first
 */
record ResolvedModels(
    List<ResolvedModel> models,
    List<Trial> trials,
    List<ResolvedModel> trialModels,
    List<String> served) {

  /** A model's slot and name in the settings, its place and its card. */
  record ResolvedModel(String slot, String name, ModelDirectory directory, ModelCard card) {}

  /**
   * Finds the models.
   *
   * @throws ConfigException when one is not there, or a setting names a variant that none has; it
   *     has all such problems
   * @throws ModelException when one is damaged
   */
  static ResolvedModels of(Settings settings) throws ConfigException, ModelException {
    List<Problem> problems = new ArrayList<>();
    ModelLocator locator = ModelRepository.locator(settings.modelRepository());
    Map<String, ResolvedModel> byVariant = new LinkedHashMap<>();
    for (String name : settings.models()) {
      ModelDirectory directory = find(settings, locator, "models", name, problems);
      if (directory != null) {
        ModelCard card = directory.card();
        ResolvedModel model = new ResolvedModel(card.variant(), name, directory, card);
        if (byVariant.putIfAbsent(card.variant(), model) != null) {
          problems.add(VariantRules.secondModel(settings, name, card.variant()));
        }
      }
    }
    List<ResolvedModel> models = new ArrayList<>(byVariant.values());
    models.sort(Comparator.comparingLong(model -> model.card().network().flops()));
    List<String> variants = models.stream().map(ResolvedModel::slot).toList();
    if (problems.isEmpty()) { // else variants are missing that settings name rightly
      problems.addAll(new VariantRules(settings, variants).problems());
    }
    List<String> served = served(settings, variants);
    List<Trial> trials = new ArrayList<>();
    List<ResolvedModel> trialModels = new ArrayList<>();
    for (Trial trial : ConfiguredTrials.of(settings)) {
      String setting = "trials.%s.model".formatted(trial.name());
      String name = Objects.requireNonNull(settings.trials().get(trial.name())).model();
      ModelDirectory directory = find(settings, locator, setting, name, problems);
      if (directory != null) {
        ModelCard card = directory.card();
        if (trial.kind() == Trial.Kind.CANARY && !card.variant().equals(trial.variant())) {
          problems.add(
              settings
                  .provenance()
                  .problem(
                      setting,
                      name,
                      "a model of variant %s, in whose place a canary answers; %s is of variant %s"
                          .formatted(trial.variant(), card.id(), card.variant()),
                      ""));
        }
        if (served.contains(trial.variant())) {
          trials.add(trial);
          trialModels.add(new ResolvedModel(trial.slot(), name, directory, card));
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return new ResolvedModels(models, trials, trialModels, served);
  }

  private static @Nullable ModelDirectory find(
      Settings settings,
      ModelLocator locator,
      String setting,
      String name,
      List<Problem> problems) {
    try {
      return locator.find(name);
    } catch (ModelException e) {
      problems.add(
          new Problem(
              setting,
              "%s: %s; %s"
                  .formatted(setting, e.getMessage(), settings.provenance().origin(setting))));
      return null;
    }
  }

  private static List<String> served(Settings settings, List<String> variants) {
    List<String> chosen = settings.variants().orElse(List.of());
    return chosen.isEmpty() || settings.role() != Role.CLASSIFIER
        ? variants
        : variants.stream().filter(chosen::contains).toList();
  }

  /** Returns the variants of all models, fastest first. */
  List<String> variants() {
    return models.stream().map(ResolvedModel::slot).toList();
  }
}
