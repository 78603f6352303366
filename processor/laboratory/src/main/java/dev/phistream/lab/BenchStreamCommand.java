package dev.phistream.lab;

import dev.phistream.app.CommandException;
import dev.phistream.app.Console;
import dev.phistream.bench.BenchException;
import dev.phistream.bench.StreamBenchmark;
import dev.phistream.bench.StreamOptions;
import dev.phistream.bench.StreamPlots;
import dev.phistream.bench.StreamReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The processor on a Kafka of this process, against doing the same without it. */
@Command(
    name = "stream",
    mixinStandardHelpOptions = true,
    description =
        "Throughput, latency and memory through an embedded broker, as ratios within one run.",
    footer = {
      "",
      "Goals that are not reached do not change the exit code: machines differ, and the figures are the result."
    })
final class BenchStreamCommand implements Callable<Integer> {
  private static final String REPORT = "stream.json";

  private final Console console;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private StreamMeasureOptions measure = new StreamMeasureOptions();

  @Option(names = "--json", description = "The whole report as JSON.")
  private boolean json;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Write " + REPORT + " and, of the memory scenario, a plot there.")
  private @Nullable Path out;

  BenchStreamCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call()
      throws CommandException, BenchException, InterruptedException, ExecutionException {
    StreamReport report = new StreamBenchmark(options(), line -> console.err().println(line)).run();
    if (json) {
      console.out().println(report.toJson());
    } else {
      new StreamTable(console.out()).print(report);
    }
    if (out != null) {
      write(report, out);
    }
    return 0;
  }

  private StreamOptions options() throws CommandException {
    try {
      return measure.options();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
    }
  }

  private void write(StreamReport report, Path directory) throws CommandException {
    try {
      Files.createDirectories(directory);
      Files.writeString(directory.resolve(REPORT), report.toJson() + "\n");
      StreamPlots.write(report, directory);
      console.err().println("written to " + directory);
    } catch (IOException e) {
      throw new CommandException(directory + ": not writable: " + e, e);
    }
  }
}
