package dev.phistream.lab;

import dev.phistream.app.CommandException;
import dev.phistream.app.Console;
import dev.phistream.app.EngineOption;
import dev.phistream.app.RepositoryOption;
import dev.phistream.bench.BenchException;
import dev.phistream.bench.MemorySample;
import dev.phistream.bench.MemorySoak;
import dev.phistream.bench.SoakOptions;
import dev.phistream.bench.SoakPlot;
import dev.phistream.bench.SoakReport;
import dev.phistream.plot.Chart;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Memory over many batches. */
@Command(
    name = "soak",
    mixinStandardHelpOptions = true,
    description =
        "Memory over many batches of mixed sizes, with the model freed and loaded on the way; Linux only.",
    footer = {"", "Exit code 1 when native memory grew by more than the bound."})
final class BenchSoakCommand implements Callable<Integer> {
  private static final double MIB = 1 << 20;
  private static final int TENTHS = 10;

  private final Console console;
  private int tenths;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--batches",
      paramLabel = "N",
      defaultValue = "12500",
      description =
          "Batches of 1 to 16 images, of which the first fifth is warm-up (default: ${DEFAULT-VALUE}).")
  private int batches = 12_500;

  @Option(
      names = "--reloads",
      paramLabel = "N",
      defaultValue = "25",
      description = "How often the model is freed and loaded again (default: ${DEFAULT-VALUE}).")
  private int reloads = 25;

  @Option(
      names = "--model",
      paramLabel = "ID|DIR",
      defaultValue = "phi-11",
      description = "A model or a published variant (default: ${DEFAULT-VALUE}).")
  private String model = "phi-11";

  @Mixin private EngineOption engine = new EngineOption();

  @Option(
      names = "--max-growth",
      paramLabel = "PERCENT",
      defaultValue = "5",
      description =
          "Growth of native memory that is allowed after the warm-up (default: ${DEFAULT-VALUE}).")
  private double maxGrowth = 5;

  @Option(
      names = "--limit",
      paramLabel = "SECONDS",
      defaultValue = "600",
      description = "Break off after that long (default: ${DEFAULT-VALUE}).")
  private int limit = 600;

  @Mixin private RepositoryOption models = new RepositoryOption();

  @Option(names = "--json", description = "The whole report as JSON.")
  private boolean json;

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description = "Draw memory over batches, as .png or .svg.")
  private @Nullable Path plot;

  BenchSoakCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws CommandException, BenchException, InterruptedException {
    SoakOptions options = options();
    console.err().printf("%d batches, at most %d s%n", batches, limit);
    SoakReport report = new MemorySoak(options, this::progress).run();
    if (json) {
      console.out().println(report.toJson());
    } else {
      print(report);
    }
    if (plot != null) {
      try {
        SoakPlot.write(report, plot);
      } catch (IOException e) {
        throw new CommandException(plot + ": not writable: " + e, e);
      }
    }
    return report.flat() ? 0 : 1;
  }

  private SoakOptions options() {
    try {
      if (plot != null) {
        Chart.Format.of(plot);
      }
      return new SoakOptions(
          batches,
          reloads,
          model,
          engine.name(),
          maxGrowth,
          Duration.ofSeconds(limit),
          models.locator().repository());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
    }
  }

  private void progress(MemorySample sample) {
    int now = (int) (TENTHS * sample.batches() / batches);
    if (now > tenths) {
      tenths = now;
      console
          .err()
          .printf(
              Locale.ROOT,
              "%3d %%  %d batches  resident %.1f MiB  native %.1f MiB  Java heap in use %.1f MiB  direct buffers %.1f MiB%n",
              100 * now / TENTHS,
              sample.batches(),
              sample.resident() / MIB,
              sample.nativeBytes() / MIB,
              sample.heapUsed() / MIB,
              sample.direct() / MIB);
    }
  }

  private void print(SoakReport report) {
    SoakReport.Growth growth = report.growth();
    console
        .out()
        .printf(
            Locale.ROOT,
            "%s: %s %s, %s: native memory %+.1f MiB (%+.1f %%) from %.1f MiB over batches %d to %d (allowed: %.1f %%); %d images, %d reloads, %.0f s%s%n",
            report.flat() ? "flat" : "not flat",
            report.engine(),
            report.engineVersion(),
            report.model(),
            growth.growthMib(),
            growth.percent(),
            growth.startMib(),
            growth.fromBatch(),
            growth.toBatch(),
            report.maxGrowthPercent(),
            report.images(),
            report.reloads(),
            report.seconds(),
            report.complete() ? "" : "; broken off before the end");
  }
}
