package dev.phistream.metrics;

import dev.phistream.trial.Trial;
import dev.phistream.trial.TrialListener;
import dev.phistream.trial.TrialOutcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/**
 * What trials do, per trial: {@code phistream.trial.events} by outcome, and of the comparisons the
 * best labels' scores, {@code phistream.trial.score} of each side and {@code
 * phistream.trial.score.difference}, which is absolute. Thread-safe.
 */
public final class TrialMeters implements TrialListener {
  private final MeterRegistry registry;

  /** Meters of a registry. */
  public TrialMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void ended(Trial trial, TrialOutcome outcome) {
    Counter.builder("phistream.trial.events")
        .description("What became of a trial's part in events")
        .tag("trial", trial.name())
        .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
        .register(registry)
        .increment();
  }

  @Override
  public void compared(Trial trial, float answered, float other) {
    score(trial, "answered").record(answered);
    score(trial, "other").record(other);
    DistributionSummary.builder("phistream.trial.score.difference")
        .description("Absolute difference of the best labels' scores")
        .tag("trial", trial.name())
        .register(registry)
        .record(Math.abs(other - answered));
  }

  private DistributionSummary score(Trial trial, String side) {
    return DistributionSummary.builder("phistream.trial.score")
        .description("Score of the best label")
        .tag("trial", trial.name())
        .tag("side", side)
        .register(registry);
  }
}
