package dev.phistream.lab;

import dev.phistream.app.CommandException;
import dev.phistream.app.ImageFiles;
import dev.phistream.app.RepositoryOption;
import dev.phistream.bench.Scenario;
import dev.phistream.bench.StreamOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What {@code bench stream} shall measure, and how long. */
final class StreamMeasureOptions {
  @Option(
      names = "--scenarios",
      paramLabel = "S",
      split = ",",
      description = "${COMPLETION-CANDIDATES} (default: all).")
  private List<Scenario> scenarios = List.of(Scenario.values());

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Rounds; medians count (default: ${DEFAULT-VALUE}).")
  private int rounds = 3;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      defaultValue = "2",
      description =
          "Rounds at least before them that do not count, for the JVM compiles in them; throughput adds some until it compiles little (default: ${DEFAULT-VALUE}).")
  private int warmUp = 2;

  @Option(
      names = "--events",
      paramLabel = "N",
      defaultValue = "3000",
      description = "In each round of throughput (default: ${DEFAULT-VALUE}).")
  private int events = 3000;

  @Option(
      names = "--latency-events",
      paramLabel = "N",
      defaultValue = "200",
      description =
          "Of the latency tier in each case, and one at a time in each round (default: ${DEFAULT-VALUE}).")
  private int latencyEvents = 200;

  @Option(
      names = "--memory-events",
      paramLabel = "N",
      defaultValue = "200000",
      description = "In the memory run (default: ${DEFAULT-VALUE}).")
  private int memoryEvents = 200_000;

  @Option(
      names = "--model",
      paramLabel = "ID|DIR",
      defaultValue = "phi-7",
      description =
          "The model, or a published variant such as b0, which gets random weights where there are none (default: ${DEFAULT-VALUE}).")
  private String model = "phi-7";

  @Option(
      names = "--accuracy-model",
      paramLabel = "ID|DIR",
      defaultValue = "b0",
      description = "The accuracy tier's in the latency scenario (default: ${DEFAULT-VALUE}).")
  private String accuracyModel = "b0";

  @Option(
      names = "--images",
      paramLabel = "DIR",
      description = "Real images instead of drawn ones of about 90 kB.")
  private @Nullable Path images;

  @Option(
      names = "--one-process",
      description =
          "All ways of doing the work share a process that compiles little: for a quick look, not for figures.")
  private boolean oneProcess;

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A processor setting.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Mixin private RepositoryOption repository = new RepositoryOption();

  /**
   * All of them.
   *
   * @throws IllegalArgumentException naming the option that cannot be
   */
  StreamOptions options() throws CommandException {
    return new StreamOptions(
        Set.copyOf(scenarios),
        rounds,
        warmUp,
        events,
        latencyEvents,
        memoryEvents,
        model,
        accuracyModel,
        images == null ? List.of() : read(images),
        oneProcess,
        settings,
        Optional.of(repository.repository().directory()));
  }

  private static List<byte[]> read(Path folder) throws CommandException {
    List<byte[]> images = new ArrayList<>();
    try {
      for (Path file : ImageFiles.in(List.of(folder)).files()) {
        images.add(Files.readAllBytes(file));
      }
    } catch (IOException e) {
      throw new CommandException(folder + ": not readable: " + e, e);
    }
    return images;
  }
}
