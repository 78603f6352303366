package dev.phistream.lab;

import dev.phistream.app.CommandException;
import dev.phistream.app.ConfigOptions;
import dev.phistream.app.Console;
import dev.phistream.app.LabelText;
import dev.phistream.bench.BatchMeasurements;
import dev.phistream.bench.BenchException;
import dev.phistream.bench.EngineReport;
import dev.phistream.bench.PlanReport;
import dev.phistream.bench.PlanSettings;
import dev.phistream.config.ConfigException;
import dev.phistream.config.Role;
import dev.phistream.config.Settings;
import dev.phistream.event.Tier;
import dev.phistream.model.ModelException;
import dev.phistream.planning.Burst;
import dev.phistream.planning.EventWork;
import dev.phistream.planning.Instance;
import dev.phistream.planning.InstanceDevices;
import dev.phistream.planning.MeasuredBatches;
import dev.phistream.planning.Plan;
import dev.phistream.planning.PlanException;
import dev.phistream.planning.PlanRequest;
import dev.phistream.planning.Planner;
import dev.phistream.planning.Policy;
import dev.phistream.planning.Rate;
import dev.phistream.planning.TierMix;
import dev.phistream.planning.TimeSample;
import dev.phistream.plot.Chart;
import dev.phistream.runtime.ServingPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How many instances a load needs. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description =
        "How many instances and partitions a load needs, and what latencies it would see: the real"
            + " routing and batching rules in virtual time, with measured batch times.",
    footer = {
      "",
      "Tiers, models, batches and windows come from the configuration, as with run. Batch times"
          + " come from ./phistream bench engine --json."
    })
final class PlanCommand implements Callable<Integer> {
  private static final EventWork USUAL_WORK =
      new EventWork(TimeSample.exactly(4.4), 1, TimeSample.NONE);

  private final Console console;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--rate",
      paramLabel = "N",
      required = true,
      description = "Events per second of all instances together, such as 500, 20k or 2M.")
  private String rate = "";

  @Option(
      names = "--mix",
      paramLabel = "TIER=SHARE,…",
      description = "What they ask for, such as latency=70,accuracy=30 (default: tiers.default).")
  private @Nullable String mix;

  @Option(
      names = "--measured",
      paramLabel = "FILE",
      required = true,
      description = "Batch times, as bench engine --json prints them.")
  private Path measured = Path.of("");

  @Option(
      names = "--devices",
      paramLabel = "D",
      defaultValue = "cpu",
      description =
          "Of each instance: cpu for a worker per core, cpu:2 for two workers, gpu for one GPU,"
              + " gpu:4 for four (default: ${DEFAULT-VALUE}).")
  private String devices = "cpu";

  @Option(
      names = "--cores",
      paramLabel = "N",
      description = "Of each instance (default: those of the machine that was measured).")
  private @Nullable Integer cores;

  @Option(
      names = "--work",
      paramLabel = "FILE",
      description =
          "What events cost the cores of a machine at work, as bench plan --json prints it: its"
              + " decoding and batch work instead of the defaults, and how long threads wait for a"
              + " core (default: they do not).")
  private @Nullable Path work;

  @Option(
      names = "--decode-ms",
      paramLabel = "MS",
      description =
          "Mean work of decoding and preprocessing a image, on a core (default: 4.4, a 640×480"
              + " JPEG of 90 kB in docs/performance/stream.md).")
  private @Nullable Double decodeMillis;

  @Option(
      names = "--take-ms",
      paramLabel = "MS",
      defaultValue = "0.4",
      description =
          "Work of stream thread and Kafka's clients for an event, on a core (default:"
              + " ${DEFAULT-VALUE}, as in docs/performance/stream.md).")
  private double takeMillis = 0.4;

  @Option(
      names = "--batch-work",
      paramLabel = "TIMES",
      description =
          "Processor time of batches on cores that decode, too, against the measured one (default:"
              + " 1; bench plan finds what it is here).")
  private @Nullable Double batchWork;

  @Option(
      names = "--headroom",
      paramLabel = "PART",
      defaultValue = "0.2",
      description =
          "So much more than the rate must be carried (default: ${DEFAULT-VALUE}, a fifth).")
  private double headroom = 0.2;

  @Option(
      names = "--degraded",
      paramLabel = "PART",
      defaultValue = "0.01",
      description =
          "Part of a tier's events that may be browned out or shed (default: ${DEFAULT-VALUE}).")
  private double degraded = 0.01;

  @Option(
      names = "--burst",
      paramLabel = "TIMESxSECONDS",
      description =
          "In the middle of the simulated time, such as 3x10: three times the rate for ten"
              + " seconds.")
  private @Nullable String burst;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "60",
      description =
          "Simulated for each number of instances; fewer where they have events enough (default:"
              + " ${DEFAULT-VALUE}).")
  private double seconds = 60;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of arrivals and batch times (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(names = "--json", description = "The whole plan as JSON.")
  private boolean json;

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description = "Draw p99 over the number of instances, as .png or .svg.")
  private @Nullable Path plot;

  @Mixin private ConfigOptions options = new ConfigOptions();

  PlanCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call()
      throws CommandException, ConfigException, ModelException, BenchException, PlanException {
    Rate wanted = option(Rate::parse, rate);
    InstanceDevices of = option(InstanceDevices::parse, devices);
    Burst more = burst == null ? Burst.NONE : option(Burst::parse, burst);
    if (plot != null) {
      var unused = option(Chart.Format::of, plot);
    }
    EventWork costs = costs();
    Settings config = options.load(options.loader());
    TierMix tiers =
        option(
            TierMix::parse,
            mix == null ? LabelText.tier(config.tiers().defaultTier()) + "=100" : mix);
    if (config.role() != Role.ALL) {
      throw new CommandException(
          "role: %s (expected: all; plan a classifier as a processor of its own, with the tiers that it gets as --mix)"
              .formatted(config.role().name().toLowerCase(Locale.ROOT)));
    }
    ServingPolicy serving = ServingPolicy.of(config);
    Policy policy = PlanSettings.policy(serving);
    refuseCascades(policy, tiers);
    EngineReport report = EngineReport.read(measured);
    MeasuredBatches batches = batches(report, serving, tiers, config.engine(), of, costs.batches());
    int ofEach = cores == null ? report.machine().cores() : cores;
    Plan plan =
        new Planner(
                request(
                    () ->
                        new PlanRequest(
                            wanted,
                            tiers,
                            more,
                            policy,
                            new Instance(
                                of,
                                ofEach,
                                config.decodeThreads().orElse(ofEach),
                                config.streamThreads(),
                                config.window().events(),
                                costs.decoding(),
                                takeMillis,
                                costs.schedulingDelay()),
                            batches,
                            seconds,
                            seed,
                            headroom,
                            degraded)))
            .plan();
    if (json) {
      console.out().println(plan.toJson());
    } else {
      new PlanTable(console.out())
          .print(plan, "%s, %s".formatted(report.machine().processor(), config.engine()));
    }
    draw(plan);
    return 0;
  }

  private EventWork costs() throws BenchException {
    EventWork costs = work == null ? USUAL_WORK : PlanReport.readWork(work);
    if (decodeMillis != null) {
      costs = option(costs::withDecoding, decodeMillis);
    }
    return batchWork == null ? costs : option(costs::withBatches, batchWork);
  }

  private MeasuredBatches batches(
      EngineReport report,
      ServingPolicy serving,
      TierMix tiers,
      String engine,
      InstanceDevices of,
      double batchWork)
      throws BenchException {
    Map<String, String> models = PlanSettings.models(serving, tiers);
    MeasuredBatches alone =
        BatchMeasurements.of(report, models, engine, of.kind(), measured.toString());
    return of.kind() == InstanceDevices.Kind.CPU ? alone.withWork(batchWork) : alone;
  }

  private static void refuseCascades(Policy policy, TierMix mix) throws CommandException {
    for (Tier tier : mix.shares().keySet()) {
      var asked = policy.tiers().get(tier);
      if (asked != null && asked.cascade() != null) {
        throw new CommandException(
            "tiers.%s.cascade.small: %s (expected: no cascade, plan does not simulate them; plan once with the small and once with the large variant alone)"
                .formatted(tier.name().toLowerCase(Locale.ROOT), asked.cascade().small()));
      }
    }
  }

  private void draw(Plan plan) throws CommandException {
    if (plot == null) {
      return;
    }
    try {
      PlanPlot.write(plan, plot);
      console.err().println("written: " + plot);
    } catch (IOException e) {
      throw new CommandException("%s: not writable: %s".formatted(plot, e), e);
    }
  }

  private <T, R> R option(Function<T, R> parser, T value) {
    return request(() -> parser.apply(value));
  }

  private <R> R request(Supplier<R> made) {
    try {
      return made.get();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
    }
  }
}
