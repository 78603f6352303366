package dev.phistream.runtime;

import dev.phistream.config.Problem;
import dev.phistream.config.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What settings say about variants, which can be checked only with the models at hand.
 *
 * @param variants those of the models, fastest first
 */
record VariantRules(Settings settings, List<String> variants) {
  /** Returns a problem for a model whose variant another model has. */
  static Problem secondModel(Settings settings, String name, String variant) {
    return settings
        .provenance()
        .problem(
            "models",
            name,
            "one model per variant; another one is of variant %s too".formatted(variant),
            "");
  }

  /** Returns everything that is wrong. */
  List<Problem> problems() {
    List<Problem> problems = new ArrayList<>();
    settings.variants().orElse(List.of()).forEach(each -> check("variants", each, problems));
    check("latency", settings.tiers().latency(), variants.get(0), problems);
    check("balanced", settings.tiers().balanced(), variants.get(variants.size() / 2), problems);
    check("accuracy", settings.tiers().accuracy(), variants.get(variants.size() - 1), problems);
    new TreeMap<>(settings.trials())
        .forEach(
            (name, trial) -> check("trials.%s.variant".formatted(name), trial.variant(), problems));
    checkExpected(problems);
    return problems;
  }

  private void check(
      String tier, Settings.TierSettings policy, String otherwise, List<Problem> problems) {
    String name = "tiers." + tier;
    policy
        .variants()
        .orElse(List.of())
        .forEach(variant -> check(name + ".variants", variant, problems));
    String own = policy.variants().map(listed -> listed.get(0)).orElse(otherwise);
    policy
        .cascade()
        .small()
        .ifPresent(
            variant -> {
              String setting = name + ".cascade.small";
              check(setting, variant, problems);
              if (variants.contains(variant)
                  && variants.contains(own)
                  && variants.indexOf(variant) >= variants.indexOf(own)) {
                problems.add(
                    problem(
                        setting,
                        variant,
                        "a faster variant than %s, the tier's own".formatted(own)));
              }
            });
  }

  private void check(String setting, String variant, List<Problem> problems) {
    if (!variants.contains(variant)) {
      problems.add(problem(setting, variant, "one of " + String.join(", ", variants)));
    }
  }

  /** A router chooses by all of these times or by none. */
  private void checkExpected(List<Problem> problems) {
    Set<String> expected = settings.router().expected().keySet();
    for (String variant : new TreeSet<>(expected)) {
      String setting = "router.expected." + variant;
      if (!variants.contains(variant)) {
        String names = String.join(", ", variants);
        problems.add(
            problem(
                setting,
                settings.provenance().shown(setting).orElse(""),
                "one of %s in place of %s".formatted(names, variant)));
      }
    }
    if (!expected.isEmpty()) {
      variants.stream()
          .filter(variant -> !expected.contains(variant))
          .forEach(
              variant ->
                  problems.add(
                      problem(
                          "router.expected." + variant,
                          "missing",
                          "a duration for each of %s, or for none of them"
                              .formatted(String.join(", ", variants)))));
    }
  }

  private Problem problem(String setting, String shown, String expected) {
    return settings.provenance().problem(setting, shown, expected, "");
  }
}
