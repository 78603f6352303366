package dev.phistream.bench;

import dev.phistream.bench.ScenarioReport.Figure;
import dev.phistream.config.ConfigException;
import dev.phistream.config.Settings;
import dev.phistream.event.Tier;
import dev.phistream.model.ModelException;
import dev.phistream.planning.EventWork;
import dev.phistream.planning.Outcome;
import dev.phistream.planning.Plan;
import dev.phistream.planning.PlanRequest;
import dev.phistream.planning.Planner;
import dev.phistream.planning.TierOutcome;
import dev.phistream.planning.TierStages;
import dev.phistream.planning.TimeSample;
import dev.phistream.runtime.ServingPolicy;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * Holds plans to real runs: measures batches and decoding on this machine, lets the real router,
 * decoders, micro-batcher and engine have several loads, plans an instance under the same loads,
 * and compares. Latencies are measured in the runs that are compared alone; what goes into plans is
 * processor time, and the wait of one thread for a core. On CPUs alone, and without Kafka.
 */
public final class PlanBenchmark {
  private static final int DRAWN_IMAGES = 64;

  /** Of what the cores could compute: busy, but nothing piles up. */
  private static final double WARM_UP_LOAD = 0.45;

  private static final double WORK_LOAD = 0.6;
  private static final double MOST_WORK_SECONDS = 20;

  /** Of the load of a real run. */
  private static final double NEARLY = 0.85;

  /** Of a sample in the report. */
  private static final int ENOUGH_TIMES = 200;

  private final PlanOptions options;
  private final Consumer<String> progress;
  private final Map<String, List<Double>> figures = new LinkedHashMap<>();
  private final List<EventWork> allWork = new ArrayList<>();
  private long workSeed; // below 0; real runs have their round's number

  /**
   * Creates a benchmark.
   *
   * @param progress is told what is going on
   */
  public PlanBenchmark(PlanOptions options, Consumer<String> progress) {
    this.options = options;
    this.progress = progress;
  }

  /**
   * Runs it; takes minutes.
   *
   * @throws BenchException when something does not work, with what to do about it
   */
  public PlanReport run()
      throws BenchException,
          ConfigException,
          ModelException,
          InterruptedException,
          ExecutionException {
    Settings config = Settings.of(options.settings());
    ServingPolicy serving = ServingPolicy.of(config);
    List<byte[]> images =
        options.images().isEmpty() ? BenchImages.draw(DRAWN_IMAGES, 1) : options.images();
    try (ServedLoad load = ServedLoad.start(config, serving, images)) {
      PlanCalibration calibration =
          new PlanCalibration(config, serving, options.mix(), images, progress);
      for (int round = 1; round <= options.rounds(); round++) {
        PlanRequest alone = calibration.measure();
        double capacity = new Planner(alone).capacity();
        if (round == 1) {
          progress.accept("warming up");
          var unused = load.run(options.mix(), WARM_UP_LOAD * capacity, options.warmUpSeconds(), 0);
        }
        progress.accept("measuring the work of events");
        ServedLoad.Work work = work(load, WORK_LOAD * capacity);
        double most =
            new Planner(
                    PlanCalibration.with(alone, PlanCalibration.work(alone, work), work.taking()))
                .sustained(1);
        add("decoding alone, ms", alone.instance().decodeMillis());
        add("the planned instance just carries, events/s", most);
        for (double part : options.loads()) {
          hold(
              load,
              alone,
              round,
              String.format(Locale.ROOT, "%.0f %% load", 100 * part),
              part * most);
        }
      }
    }
    return new PlanReport(
        PlanReport.SCHEMA,
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        MachineFacts.here(),
        new EventWork(
            TimeSample.of(allWork.stream().map(EventWork::decoding).toList()).thinned(ENOUGH_TIMES),
            Medians.of(allWork.stream().map(EventWork::batches).toList()),
            TimeSample.of(allWork.stream().map(EventWork::schedulingDelay).toList())
                .thinned(ENOUGH_TIMES)),
        report(config));
  }

  /**
   * Holds the plan for a load to a real run. Work is measured before and after it at nearly that
   * load: what an event costs depends on the load, and on when, for others use the machine, too.
   */
  private void hold(ServedLoad load, PlanRequest alone, int round, String share, double perSecond)
      throws BenchException, InterruptedException, ExecutionException {
    ServedLoad.Work before = work(load, NEARLY * perSecond);
    CpuClock clock = CpuClock.start();
    Map<Tier, ServedLoad.Found> real = load.run(options.mix(), perSecond, options.seconds(), round);
    double cores = clock.coresUsed();
    ServedLoad.Work measured = before.and(work(load, NEARLY * perSecond));
    EventWork work = PlanCalibration.work(alone, measured);
    allWork.add(work);
    add(share + ": decoding, processor time, ms", work.decoding().mean());
    add(share + ": letting an event come, ms", measured.taking());
    add(share + ": processor time of batches, beside decoding ÷ alone, times", work.batches());
    add(share + ": a woken thread waits for a core: mean, ms", work.schedulingDelay().mean());
    add(
        share + ": a woken thread waits for a core: p99, ms",
        StreamSingle.percentile(work.schedulingDelay().millis(), 99));
    Planner planner = new Planner(PlanCalibration.with(alone, work, measured.taking()));
    Outcome planned = planner.at(perSecond, 1);
    add(share + ": events come, /s", perSecond);
    add(
        share + ": events answered real, /s",
        real.values().stream().mapToInt(found -> found.millis().size()).sum() / options.seconds());
    add(share + ": load planned, %", 100 * planned.load());
    add(share + ": cores at work planned, cores", planned.cores() * alone.instance().cores());
    add(share + ": cores at work real, cores", cores);
    compare(round, share, planned, real);
    for (Plan.OtherWork other : planner.otherWork(perSecond, 1)) {
      for (TierOutcome tier : other.outcome().tiers()) {
        add(
            String.format(
                Locale.ROOT,
                "%s, %s: p99 planned at %+.0f %% work, ms",
                share,
                tier.tier(),
                100 * (other.work() - 1)),
            tier.p99Millis());
      }
    }
  }

  /** What events of their own cost, which no real run has. */
  private ServedLoad.Work work(ServedLoad load, double perSecond)
      throws BenchException, InterruptedException, ExecutionException {
    return load.work(
        options.mix(), perSecond, Math.min(MOST_WORK_SECONDS, options.seconds()), --workSeed);
  }

  private void compare(int round, String share, Outcome planned, Map<Tier, ServedLoad.Found> real)
      throws BenchException {
    for (TierOutcome tier : planned.tiers()) {
      ServedLoad.Found found = real.get(Tier.valueOf(tier.tier().toUpperCase(Locale.ROOT)));
      if (found == null) {
        throw new BenchException(
            "plan: no event of tier %s came (expected: some; run for longer)"
                .formatted(tier.tier()));
      }
      String at = share + ", " + tier.tier();
      double p50 = StreamSingle.percentile(found.millis(), 50);
      double p99 = StreamSingle.percentile(found.millis(), 99);
      add(at + ": p50 planned, ms", tier.p50Millis());
      add(at + ": p50 real, ms", p50);
      add(at + ": p50 planned ÷ real", tier.p50Millis() / p50);
      add(at + ": p99 planned, ms", tier.p99Millis());
      add(at + ": p99 real, ms", p99);
      add(at + ": p99 planned ÷ real", tier.p99Millis() / p99);
      stage(at + ": waiting", tier.stages().waiting(), found.waitMillis());
      stage(at + ": decoding", tier.stages().decoding(), found.decodeMillis());
      stage(at + ": computing", tier.stages().computing(), found.computeMillis());
      add(at + ": micro-batch planned, events", tier.stages().batchSize());
      add(at + ": micro-batch real, events", mean(found.batchSizes()));
      add(at + ": browned out planned, %", 100 * tier.degraded());
      add(at + ": browned out real, %", 100 * found.degraded());
      progress.accept(
          String.format(
              Locale.ROOT,
              "round %d, %s: p50 %.1f ms planned, %.1f real; p99 %.1f planned, %.1f real; decoding"
                  + " p50 %.1f",
              round,
              at,
              tier.p50Millis(),
              p50,
              tier.p99Millis(),
              p99,
              StreamSingle.percentile(found.decodeMillis(), 50)));
    }
  }

  private void stage(String name, TierStages.Stage planned, List<Double> real) {
    progress.accept(
        String.format(
            Locale.ROOT,
            "  %s: mean %.2f planned, %.2f real; p99 %.2f planned, %.2f real",
            name,
            planned.mean(),
            mean(real),
            planned.p99(),
            StreamSingle.percentile(real, 99)));
    add(name + ": mean planned, ms", planned.mean());
    add(name + ": mean real, ms", mean(real));
    add(name + ": p99 planned, ms", planned.p99());
    add(name + ": p99 real, ms", StreamSingle.percentile(real, 99));
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(value -> value).average().orElse(0);
  }

  private void add(String figure, double value) {
    figures.computeIfAbsent(figure, f -> new ArrayList<>()).add(value);
  }

  private ScenarioReport report(Settings config) {
    List<Figure> all = new ArrayList<>();
    figures.forEach(
        (name, rounds) -> {
          int comma = name.lastIndexOf(", ");
          boolean ratio = name.endsWith("÷ real");
          all.add(
              ratio
                  ? Figure.of(name, "", rounds)
                  : Figure.of(name.substring(0, comma), name.substring(comma + 2), rounds));
        });
    return new ScenarioReport(
        "plan",
        String.format(
            Locale.ROOT,
            "%s on the CPU, %s; each real run %.0f s after a warm-up of %.0f s",
            config.engine(),
            String.join(", ", config.models()),
            options.seconds(),
            options.warmUpSeconds()),
        all,
        List.of(
            "Each round measures batches and decoding alone, and before and after each run, at 0.85"
                + " of its load, the work of other events. Goal: planned ÷ real from 0.8 to 1.2.",
            "Real: router, decoders, micro-batcher and engine of the processor, without Kafka."
                + " Events come at random times in both."));
  }
}
