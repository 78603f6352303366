package dev.phistream.metrics;

import dev.phistream.latency.PredictionListener;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How well predictions came true, per variant: {@code phistream.prediction.predicted}, {@code
 * .actual}, and {@code .error}, which is the absolute difference. Thread-safe.
 */
public final class PredictionMeters implements PredictionListener {
  private final MeterRegistry registry;
  private final Map<String, Variant> variants = new ConcurrentHashMap<>();

  private record Variant(Timer predicted, Timer actual, Timer error) {}

  /** Meters of a registry. */
  public PredictionMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void answered(String variant, Duration predicted, Duration actual) {
    Variant meters =
        variants.computeIfAbsent(
            variant,
            v ->
                new Variant(
                    timer("predicted", "What answers were expected to take", v),
                    timer("actual", "What answers took", v),
                    timer("error", "Absolute difference of expected and taken", v)));
    meters.predicted().record(predicted);
    meters.actual().record(actual);
    meters.error().record(predicted.minus(actual).abs());
  }

  private Timer timer(String name, String description, String variant) {
    return Timer.builder("phistream.prediction." + name)
        .description(description)
        .tag("variant", variant)
        .publishPercentiles(0.5, 0.99)
        .register(registry);
  }
}
