package dev.phistream.lab;

import dev.phistream.app.Console;
import dev.phistream.app.RepositoryOption;
import dev.phistream.bench.BenchException;
import dev.phistream.bench.PlanBenchmark;
import dev.phistream.bench.PlanOptions;
import dev.phistream.bench.PlanReport;
import dev.phistream.config.ConfigException;
import dev.phistream.model.ModelException;
import dev.phistream.planning.TierMix;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Plans against real runs. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description =
        "How well ./phistream plan foretells what real runs on this machine's CPU find, without"
            + " Kafka.",
    footer = {
      "",
      "Goals that are not reached do not change the exit code: machines differ, and the figures are"
          + " the result."
    })
final class BenchPlanCommand implements Callable<Integer> {
  private static final double PERCENT = 100;

  private final Console console;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--mix",
      paramLabel = "TIER=SHARE,…",
      defaultValue = "latency=70,accuracy=30",
      description = "What events ask for (default: ${DEFAULT-VALUE}).")
  private String mix = "latency=70,accuracy=30";

  @Option(
      names = "--loads",
      paramLabel = "PERCENT",
      split = ",",
      defaultValue = "50,80",
      description = "Of what the planned instance just carries (default: ${DEFAULT-VALUE}).")
  private List<Double> loads = List.of(50.0, 80.0);

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Rounds; medians count (default: ${DEFAULT-VALUE}).")
  private int rounds = 3;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "30",
      description = "Of each real run (default: ${DEFAULT-VALUE}).")
  private double seconds = 30;

  @Option(
      names = "--warm-up",
      paramLabel = "S",
      defaultValue = "20",
      description = "Before the first (default: ${DEFAULT-VALUE}).")
  private double warmUp = 20;

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A processor setting.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Mixin private RepositoryOption repository = new RepositoryOption();

  @Option(names = "--json", description = "The whole report as JSON.")
  private boolean json;

  BenchPlanCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call()
      throws BenchException,
          ConfigException,
          ModelException,
          InterruptedException,
          ExecutionException {
    PlanReport report = new PlanBenchmark(options(), line -> console.err().println(line)).run();
    if (json) {
      console.out().println(report.toJson());
    } else {
      new StreamTable(console.out()).print(report.scenario());
    }
    return 0;
  }

  private PlanOptions options() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("model-repository", repository.repository().directory().toString());
    all.putAll(settings);
    try {
      return new PlanOptions(
          TierMix.parse(mix),
          loads.stream().map(load -> load / PERCENT).toList(),
          rounds,
          seconds,
          warmUp,
          List.of(),
          all);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
    }
  }
}
