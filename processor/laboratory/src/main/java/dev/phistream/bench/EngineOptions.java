package dev.phistream.bench;

import dev.phistream.inference.Engines;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the engine benchmark measures: every combination of the lists.
 *
 * @param models ids or directories of models, or published variants
 * @param batches images in a batch
 * @param engines of {@link #ENGINES}
 * @param devices such as {@code cpu}
 * @param modes how the engines are put to work
 * @param seconds that each point is measured in each round, after half as long for warming up
 * @param rounds in each of which every point has its turn
 * @param workers runners side by side for {@link Mode#THROUGHPUT}
 * @param oneCore whether all is kept on one core, with one thread
 * @param repository directory of the models
 */
public record EngineOptions(
    List<String> models,
    List<Integer> batches,
    List<String> engines,
    List<String> devices,
    List<Mode> modes,
    double seconds,
    int rounds,
    int workers,
    boolean oneCore,
    Optional<Path> repository) {
  /** ONNX Runtime without DJL, the yardstick of the engine of that name. */
  public static final String BARE = "onnxruntime-bare";

  /** All that can be measured. */
  public static final List<String> ENGINES =
      Stream.concat(Engines.NAMES.stream(), Stream.of(BARE)).toList();

  /** Measured unless others are named. */
  public static final List<String> DEFAULT_ENGINES = List.copyOf(Engines.NAMES);

  private static final int MAX_BATCH = 1024;
  private static final double MIN_SECONDS = 0.01;
  private static final double MAX_SECONDS = 600;
  private static final int MAX_ROUNDS = 100;
  private static final int MAX_WORKERS = 256;

  /**
   * Checks everything that needs no engine.
   *
   * @throws IllegalArgumentException naming the option, what it was and what was expected
   */
  public EngineOptions {
    models = distinct("variants", models);
    batches = distinct("batches", batches);
    engines = distinct("engines", engines);
    devices = distinct("devices", devices);
    modes = distinct("modes", modes);
    for (int batch : batches) {
      between("batches", batch, 1, MAX_BATCH);
    }
    for (String engine : engines) {
      if (!ENGINES.contains(engine)) {
        throw new IllegalArgumentException(
            "engines: %s (expected: of %s)".formatted(engine, String.join(", ", ENGINES)));
      }
    }
    between("seconds-per-point", seconds, MIN_SECONDS, MAX_SECONDS);
    between("rounds", rounds, 1, MAX_ROUNDS);
    between("workers", workers, 1, MAX_WORKERS);
    if (oneCore && workers > 1) {
      throw new IllegalArgumentException(
          "workers: %d on one core (expected: 1)".formatted(workers));
    }
  }

  /** Seconds that each point warms up in each round. */
  public double warmUpSeconds() {
    return seconds / 2;
  }

  /** Every point, engines last. */
  List<EnginePoint> points() {
    List<EnginePoint> points = new ArrayList<>();
    for (String model : models) {
      for (Mode mode : modes) {
        for (String device : devices) {
          for (int batch : batches) {
            for (String engine : engines) {
              points.add(new EnginePoint(model, engine, device, mode, batch));
            }
          }
        }
      }
    }
    return points;
  }

  /** Runners side by side in a mode. */
  int workers(Mode mode) {
    return mode == Mode.THROUGHPUT ? workers : 1;
  }

  private static <T> List<T> distinct(String option, List<T> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException(option + ": none (expected: at least one)");
    }
    if (new HashSet<>(values).size() < values.size()) {
      throw new IllegalArgumentException("%s: %s (expected: each once)".formatted(option, values));
    }
    return List.copyOf(values);
  }

  private static void between(String option, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          "%s: %s (expected: %s to %s)".formatted(option, plain(value), plain(least), plain(most)));
    }
  }

  private static String plain(double value) {
    return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
  }
}
