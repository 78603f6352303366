package dev.phistream.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A long run that watches memory.
 *
 * @param batches to run, of sizes from 1 to {@link #LARGEST_BATCH} in random order
 * @param reloads how often in all the model is freed and loaded again
 * @param model id or directory of a model, or a published variant
 * @param engine its name
 * @param maxGrowthPercent of native memory, from the end of the warm-up to the end
 * @param limit after which it is broken off
 * @param repository directory of the models
 */
public record SoakOptions(
    int batches,
    int reloads,
    String model,
    String engine,
    double maxGrowthPercent,
    Duration limit,
    Optional<Path> repository) {
  /** Images in the largest batch. */
  public static final int LARGEST_BATCH = 16;

  private static final int MIN_BATCHES = 20;
  private static final int MAX_BATCHES = 10_000_000;

  /**
   * Checks everything that needs no engine.
   *
   * @throws IllegalArgumentException naming the option, what it was and what was expected
   */
  public SoakOptions {
    if (batches < MIN_BATCHES || batches > MAX_BATCHES) {
      throw new IllegalArgumentException(
          "batches: %d (expected: %d to %d)".formatted(batches, MIN_BATCHES, MAX_BATCHES));
    }
    if (reloads < 0 || reloads > batches) {
      throw new IllegalArgumentException(
          "reloads: %d (expected: 0 to %d, the batches)".formatted(reloads, batches));
    }
    if (!(maxGrowthPercent > 0)) {
      throw new IllegalArgumentException(
          "max-growth: %s (expected: > 0)".formatted(maxGrowthPercent));
    }
    if (limit.isNegative() || limit.isZero()) {
      throw new IllegalArgumentException("limit: %s (expected: > 0)".formatted(limit));
    }
    if (!EngineOptions.DEFAULT_ENGINES.contains(engine)) {
      throw new IllegalArgumentException(
          "engine: %s (expected: one of %s)"
              .formatted(engine, String.join(", ", EngineOptions.DEFAULT_ENGINES)));
    }
  }
}
