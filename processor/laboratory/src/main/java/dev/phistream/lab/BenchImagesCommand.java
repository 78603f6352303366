package dev.phistream.lab;

import dev.phistream.app.CommandException;
import dev.phistream.app.Console;
import dev.phistream.bench.BenchException;
import dev.phistream.bench.ImageBenchmark;
import dev.phistream.bench.ImageOptions;
import dev.phistream.bench.ImagePlot;
import dev.phistream.bench.ImageReport;
import dev.phistream.plot.Chart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Image decoding on this machine. */
@Command(
    name = "images",
    mixinStandardHelpOptions = true,
    description = "Images/s that one core decodes, resizes and crops, against ImageIO and Pillow.",
    footer = {
      "",
      "Each point is measured in each round, after a round that warms up; medians count.",
      "Pillow is measured if a Python on this machine has it."
    })
final class BenchImagesCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--images",
      paramLabel = "DIR",
      description = "A folder of JPEG photographs of about 500×375 (default: drawn images).")
  private @Nullable Path images;

  @Option(
      names = "--seconds-per-point",
      paramLabel = "S",
      defaultValue = "2",
      description = "In each round (default: ${DEFAULT-VALUE}).")
  private double seconds = 2;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Turns of every point (default: ${DEFAULT-VALUE}).")
  private int rounds = 5;

  @Option(
      names = "--python",
      paramLabel = "FILE",
      description = "A Python that has Pillow (default: python3, then /usr/bin/python3).")
  private @Nullable Path python;

  @Option(names = "--json", description = "The whole report as JSON.")
  private boolean json;

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description = "Draw images/s against Phistream's, as .png or .svg.")
  private @Nullable Path plot;

  BenchImagesCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws CommandException, BenchException, InterruptedException {
    ImageReport report = new ImageBenchmark(options(), what -> console.err().println(what)).run();
    if (json) {
      console.out().println(report.toJson());
    } else {
      new ImagesTable(console.out()).print(report);
    }
    if (plot != null) {
      try {
        ImagePlot.write(report, plot);
      } catch (IOException e) {
        throw new CommandException(plot + ": not writable: " + e, e);
      }
    }
    return 0;
  }

  private ImageOptions options() throws CommandException {
    try {
      if (plot != null) {
        Chart.Format.of(plot);
      }
      return new ImageOptions(photographs(), seconds, rounds, Optional.ofNullable(python));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
    }
  }

  private List<byte[]> photographs() throws CommandException {
    List<byte[]> photographs = new ArrayList<>();
    if (images == null) {
      return photographs;
    }
    try (Stream<Path> files = Files.list(images)) {
      for (Path file : (Iterable<Path>) files.sorted()::iterator) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".jpg") || name.endsWith(".jpeg")) {
          photographs.add(Files.readAllBytes(file));
        }
      }
    } catch (IOException e) {
      throw new CommandException(images + ": not readable: " + e, e);
    }
    if (photographs.isEmpty()) {
      throw new CommandException(images + ": no JPEG files (expected: *.jpg or *.jpeg)");
    }
    return photographs;
  }
}
