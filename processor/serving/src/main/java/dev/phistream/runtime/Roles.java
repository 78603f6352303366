package dev.phistream.runtime;

import dev.phistream.config.Settings;
import dev.phistream.latency.LatencyEstimates;
import dev.phistream.latency.Prediction;
import java.time.Duration;
import java.util.Map;

/** What the settings of roles mean. */
final class Roles {
  private Roles() {}

  /** The application id of a router. */
  static String routerId(Settings config) {
    return config.applicationId() + "-router";
  }

  /** The application id of whoever classifies the events of a variant. */
  static String classifierId(Settings config, String variant) {
    return config.applicationId() + "-classifier-" + variant;
  }

  /** Returns what a router predicts: the configured times, whatever the load. */
  static LatencyEstimates estimates(Settings settings) {
    Map<String, Duration> expected = settings.router().expected();
    return expected.isEmpty()
        ? (variant, objective) -> Prediction.NONE
        : (variant, objective) ->
            new Prediction(Duration.ZERO, expected.getOrDefault(variant, Duration.ZERO));
  }
}
