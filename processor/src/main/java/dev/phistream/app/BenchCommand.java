package dev.phistream.app;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.phistream.bench.Medians;
import dev.phistream.bench.StreamBenchmark;
import dev.phistream.bench.StreamReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measurements. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measure on this machine; figures are ratios within one run.")
final class BenchCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "bench: expected engine, stream or soak");
  }

  /** The stream against a loop without Kafka. */
  @Command(
      name = "stream",
      mixinStandardHelpOptions = true,
      description =
          "Throughput of a backlog through an embedded broker, against decoding and predicting the same pictures in a loop.")
  static final class Stream implements Callable<Integer> {
    private final Console console;

    @Option(
        names = "--events",
        defaultValue = "3000",
        description = "Events in each round (default: ${DEFAULT-VALUE}).")
    private int events = 3000;

    @Option(
        names = "--rounds",
        defaultValue = "5",
        description = "Rounds; medians count (default: ${DEFAULT-VALUE}).")
    private int rounds = 5;

    @Option(
        names = "--model",
        paramLabel = "ID|DIR",
        defaultValue = "phi-7",
        description = "The model (default: ${DEFAULT-VALUE}).")
    private String model = "phi-7";

    @Option(
        names = "--guarantee",
        defaultValue = "exactly_once_v2",
        description = "exactly_once_v2 or at_least_once (default: ${DEFAULT-VALUE}).")
    private String guarantee = "exactly_once_v2";

    @Option(
        names = "--images",
        paramLabel = "DIR",
        description = "Real pictures instead of drawn ones of about 100 kB.")
    private @Nullable Path images;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A processor setting.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(names = "--json", description = "The whole report as JSON.")
    private boolean json;

    Stream(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() throws Exception {
      StreamReport report =
          new StreamBenchmark(
                  new StreamBenchmark.Options(events, rounds, model, guarantee, settings),
                  line -> console.err().println(line))
              .run(images == null ? null : read(images));
      if (json) {
        console
            .out()
            .println(
                JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build()
                    .writeValueAsString(report));
      } else {
        print(report);
      }
      return 0;
    }

    private void print(StreamReport report) {
      console.out().println("machine            " + report.machine());
      console.out().println("java               " + report.java());
      console
          .out()
          .printf(
              "events             %d per round, mean image %d kB%n",
              report.events(), report.meanImageBytes() / 1000);
      console.out().printf("model              %s, %s%n", report.model(), report.guarantee());
      console
          .out()
          .printf(
              "without Kafka      %.1f images/s (median of %d rounds)%n",
              Medians.of(report.bareImagesPerSecond()), report.bareImagesPerSecond().size());
      console
          .out()
          .printf(
              "through Kafka      %.1f images/s, mean batch %.1f%n",
              Medians.of(report.streamImagesPerSecond()), report.meanBatch());
      console
          .out()
          .printf("ratio              %.2f (median of the rounds' ratios)%n", report.ratio());
    }

    private static List<byte[]> read(Path folder) throws CommandException, IOException {
      List<byte[]> pictures = new ArrayList<>();
      for (Path file : ImageFiles.in(List.of(folder)).files()) {
        pictures.add(Files.readAllBytes(file));
      }
      return pictures;
    }
  }
}
