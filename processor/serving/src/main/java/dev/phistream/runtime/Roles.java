package dev.phistream.runtime;

import dev.phistream.latency.LatencyEstimates;
import dev.phistream.latency.Prediction;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the settings of roles mean. */
final class Roles {
  private Roles() {}

  /**
   * The variants that this process answers for, fastest first.
   *
   * @param variants those of the models, fastest first
   * @throws ConfigException when some are chosen that are not there, or where none may be
   */
  static List<String> served(ProcessorConfig config, List<String> variants) throws ConfigException {
    List<String> chosen = config.variants().orElse(List.of());
    if (chosen.isEmpty()) {
      return variants;
    }
    if (config.role() != Role.CLASSIFIER) {
      throw new ConfigException(
          "variants: %s (expected: with role classifier only; models says what is served)"
              .formatted(String.join(", ", chosen)));
    }
    Set<String> known = new HashSet<>(variants);
    for (String variant : chosen) {
      if (!known.contains(variant)) {
        throw new ConfigException(
            "variants: %s (expected: of %s, which models has)"
                .formatted(variant, String.join(", ", variants)));
      }
    }
    return variants.stream().filter(chosen::contains).toList();
  }

  /** The application id of a router. */
  static String routerId(ProcessorConfig config) {
    return config.applicationId() + "-router";
  }

  /** The application id of whoever classifies the events of a variant. */
  static String classifierId(ProcessorConfig config, String variant) {
    return config.applicationId() + "-classifier-" + variant;
  }

  /**
   * What a router predicts: the configured figures, whatever the load.
   *
   * @throws ConfigException when there are some, but not one for each variant
   */
  static LatencyEstimates estimates(ProcessorConfig config, List<String> variants)
      throws ConfigException {
    Map<String, Duration> expected = config.router().expected();
    if (expected.isEmpty()) {
      return (variant, objective) -> Prediction.NONE;
    }
    if (!expected.keySet().equals(Set.copyOf(variants))) {
      throw new ConfigException(
          "router.expected: of %s (expected: one for each of %s, or none at all)"
              .formatted(
                  String.join(", ", expected.keySet().stream().sorted().toList()),
                  String.join(", ", variants)));
    }
    return (variant, objective) ->
        new Prediction(Duration.ZERO, expected.getOrDefault(variant, Duration.ZERO));
  }
}
