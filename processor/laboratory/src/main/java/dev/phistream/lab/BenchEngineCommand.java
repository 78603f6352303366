package dev.phistream.lab;

import dev.phistream.app.CommandException;
import dev.phistream.app.Console;
import dev.phistream.app.RepositoryOption;
import dev.phistream.bench.BenchException;
import dev.phistream.bench.EngineBenchmark;
import dev.phistream.bench.EngineOptions;
import dev.phistream.bench.EnginePlots;
import dev.phistream.bench.EngineReport;
import dev.phistream.bench.Mode;
import dev.phistream.bench.PaperClaim;
import dev.phistream.model.ModelException;
import dev.phistream.plot.Chart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Engines on this machine. */
@Command(
    name = "engine",
    mixinStandardHelpOptions = true,
    description = "Images/s and latency per variant, batch size and engine, without Kafka.",
    footer = {
      "",
      "Each point is measured in each round, after warming up for half as long; medians count.",
      "Exit code 1 also when the time did not suffice for every point."
    })
final class BenchEngineCommand implements Callable<Integer> {
  private static final String REPORT = "engines.json";
  private static final String PLOT = "engines.svg";

  private final Console console;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--variants",
      paramLabel = "ID|DIR",
      split = ",",
      description =
          "Models, or published variants such as b0, which get random weights where there are none:"
              + " they are as fast (default: b0).")
  private @Nullable List<String> variants;

  @Option(
      names = "--batches",
      paramLabel = "N",
      split = ",",
      description = "Images in a batch (default: 1,4,8,16).")
  private @Nullable List<Integer> batches;

  @Option(
      names = "--engines",
      paramLabel = "E",
      split = ",",
      description = "mxnet, onnxruntime (default: both).")
  private List<String> engines = EngineOptions.DEFAULT_ENGINES;

  @Option(
      names = "--bare",
      description = "Also measure ONNX Runtime without DJL, as " + EngineOptions.BARE + ".")
  private boolean bare;

  @Option(
      names = "--devices",
      paramLabel = "D",
      split = ",",
      defaultValue = "cpu",
      description = "cpu, gpu:0, … (default: ${DEFAULT-VALUE}).")
  private List<String> devices = List.of("cpu");

  @Option(
      names = "--modes",
      paramLabel = "M",
      split = ",",
      description =
          "throughput: workers side by side on all cores; latency: one batch at a time (default:"
              + " both).")
  private @Nullable List<Mode> modes;

  @Option(
      names = "--seconds-per-point",
      paramLabel = "S",
      defaultValue = "2",
      description = "In each round (default: ${DEFAULT-VALUE}).")
  private double seconds = 2;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Turns of every point (default: ${DEFAULT-VALUE}).")
  private int rounds = 3;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Side by side in throughput mode (default: one per core).")
  private @Nullable Integer workers;

  @Option(
      names = "--one-core",
      description = "Keep each measurement on one core, with one thread; Linux only.")
  private boolean oneCore;

  @Option(
      names = "--paper",
      description = "The paper's claim: b1 against resnet152, one core, batch 1.")
  private boolean paper;

  @Mixin private RepositoryOption models = new RepositoryOption();

  @Option(names = "--json", description = "The whole report as JSON.")
  private boolean json;

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description =
          "Draw throughput over batch size as .png or .svg, and latency beside it as FILE-latency.")
  private @Nullable Path plot;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Write " + REPORT + ", " + PLOT + " and its latency there.")
  private @Nullable Path out;

  BenchEngineCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call()
      throws CommandException, ModelException, BenchException, InterruptedException {
    EngineOptions options = options();
    EngineReport report;
    int refused;
    try (EngineProgress progress = new EngineProgress(console, options)) {
      report = new EngineBenchmark(options, progress).run();
      refused = progress.refusedPoints();
    }
    if (json) {
      console.out().println(report.toJson());
    } else {
      new EngineTable(console.out()).print(report);
    }
    PaperClaim.of(report).forEach(this::print);
    write(report);
    return report.notMeasured().size() == refused ? 0 : 1;
  }

  private EngineOptions options() {
    try {
      if (plot != null) {
        Chart.Format.of(plot);
      }
      if (paper && (variants != null || batches != null || modes != null)) {
        throw new IllegalArgumentException(
            "paper: with variants, batches or modes (expected: alone, it has its own)");
      }
      boolean single = paper || oneCore;
      return new EngineOptions(
          orElse(variants, paper ? List.of(PaperClaim.B1, PaperClaim.RESNET) : List.of("b0")),
          orElse(batches, paper ? List.of(1) : List.of(1, 4, 8, 16)),
          bare && !engines.contains(EngineOptions.BARE)
              ? Stream.concat(engines.stream(), Stream.of(EngineOptions.BARE)).toList()
              : engines,
          devices,
          orElse(modes, paper ? List.of(Mode.LATENCY) : List.of(Mode.values())),
          seconds,
          rounds,
          workers != null ? workers : single ? 1 : Runtime.getRuntime().availableProcessors(),
          single,
          models.locator().repository());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
    }
  }

  private static <T> List<T> orElse(@Nullable List<T> given, List<T> otherwise) {
    return given == null ? otherwise : given;
  }

  private void print(PaperClaim claim) {
    console
        .err()
        .printf(
            Locale.ROOT,
            "%s: B1 %.3f s, ResNet-152 %.3f s, %.1f× (paper: %.3f s, %.3f s, %.1f×)%n",
            claim.engine(),
            claim.b1Seconds(),
            claim.resnetSeconds(),
            claim.ratio(),
            PaperClaim.PAPER_B1_SECONDS,
            PaperClaim.PAPER_RESNET_SECONDS,
            PaperClaim.PAPER_RATIO);
  }

  private void write(EngineReport report) throws CommandException {
    try {
      if (out != null) {
        Files.createDirectories(out);
        Files.writeString(out.resolve(REPORT), report.toJson() + "\n");
        EnginePlots.write(report, out.resolve(PLOT));
        console.err().println("written to " + out);
      }
      if (plot != null) {
        for (Path file : EnginePlots.write(report, plot)) {
          console.err().println("written: " + file);
        }
      }
    } catch (IOException e) {
      throw new CommandException("report: not writable: " + e, e);
    }
  }
}
