package dev.phistream.bench;

import dev.phistream.model.ModelException;
import dev.phistream.model.ModelLocator;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * How long a benchmark will take. A batch takes as long as it takes, so that the bound counts two
 * of the slowest imaginable for each point.
 *
 * @param expected on an ordinary machine
 * @param atMost after which it is broken off
 */
public record EnginePlan(Duration expected, Duration atMost) {
  /** Multiply-adds per second of a core that does well, and of one that is very slow. */
  private static final double ORDINARY_SPEED = 12e9;

  private static final double SLOW_SPEED = 2e9;

  private static final double START_SECONDS = 3;
  private static final double LOAD_SECONDS = 1;
  private static final double SLACK = 3;

  /**
   * Reckons it.
   *
   * @throws ModelException when a model is not found
   */
  static EnginePlan of(EngineOptions options) throws ModelException {
    BenchModels models = new BenchModels(new ModelLocator(options.repository()));
    Map<String, Long> flops = new HashMap<>();
    for (String model : options.models()) {
      flops.put(model, models.flops(model));
    }
    int cores = options.oneCore() ? 1 : Runtime.getRuntime().availableProcessors();
    double fixed = 0;
    double ordinary = 0;
    double slow = 0;
    for (EnginePoint point : options.points()) {
      double work = (double) flops.getOrDefault(point.model(), 0L) * point.batch();
      work *= (double) options.workers(point.mode()) / cores;
      fixed += options.rounds() * (options.warmUpSeconds() + options.seconds());
      ordinary += options.rounds() * work / ORDINARY_SPEED;
      slow += options.rounds() * 2 * work / SLOW_SPEED;
    }
    int processes = options.engines().size() * options.modes().size();
    double loads =
        processes * (START_SECONDS + LOAD_SECONDS * options.rounds() * options.models().size());
    return new EnginePlan(
        seconds(fixed + ordinary + loads), seconds(fixed + slow + SLACK * loads + START_SECONDS));
  }

  private static Duration seconds(double seconds) {
    return Duration.ofSeconds((long) Math.ceil(seconds));
  }
}
