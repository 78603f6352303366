package dev.phistream.bench;

import dev.phistream.bench.ScenarioReport.Figure;
import dev.phistream.event.Tier;
import dev.phistream.image.DecodeLimits;
import dev.phistream.image.ImageDecoder;
import dev.phistream.image.ImageException;
import dev.phistream.image.Preprocessor;
import dev.phistream.model.ModelException;
import dev.phistream.planning.BatchTime;
import dev.phistream.planning.Burst;
import dev.phistream.planning.Instance;
import dev.phistream.planning.InstanceDevices;
import dev.phistream.planning.MeasuredBatches;
import dev.phistream.planning.Outcome;
import dev.phistream.planning.Planner;
import dev.phistream.planning.Policy;
import dev.phistream.planning.Question;
import dev.phistream.planning.Rate;
import dev.phistream.planning.TierOutcome;
import dev.phistream.planning.TierStages;
import dev.phistream.planning.TimeSample;
import dev.phistream.repository.ModelRepository;
import dev.phistream.runtime.ConfigException;
import dev.phistream.runtime.ConfigLoader;
import dev.phistream.runtime.ProcessorConfig;
import dev.phistream.runtime.ServingPolicy;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;

/**
 * Holds plans to real runs: measures batches and decoding on this machine, plans an instance under
 * several loads from that, lets the real router, decoders, micro-batcher and engine have the same
 * loads, and compares. On CPUs alone, and without Kafka.
 */
public final class PlanBenchmark {
  private static final int DRAWN_PICTURES = 64;
  private static final double SECONDS_PER_POINT = 0.6;

  /** Medians count: in the first, the JVM compiles. */
  private static final int CALIBRATIONS = 5;

  private static final double DECODE_SECONDS = 3;

  /** Of what the cores could compute: busy, but nothing piles up. */
  private static final double WARM_UP_LOAD = 0.45;

  private static final double WORK_LOAD = 0.6;
  private static final double WORK_SECONDS = 20;

  /** Simulated for each comparison: many more events than the real run has. */
  private static final double PLANNED_SECONDS = 600;

  /** Larger ones lie well enough on lines between those that are measured. */
  private static final int EVERY_SIZE_TO = 8;

  /** Windows play no part without Kafka. */
  private static final int NO_WINDOW = 1_000_000;

  private final PlanOptions options;
  private final Consumer<String> progress;
  private final Map<String, List<Double>> figures = new LinkedHashMap<>();

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
    ProcessorConfig config = ConfigLoader.load((Path) null, Map.of(), options.settings());
    ServingPolicy serving = ServingPolicy.of(config);
    List<byte[]> pictures =
        options.pictures().isEmpty() ? BenchPictures.draw(DRAWN_PICTURES, 1) : options.pictures();
    int cores = Runtime.getRuntime().availableProcessors();
    try (ServedLoad load = ServedLoad.start(config, serving, pictures)) {
      boolean warm = false;
      for (int round = 1; round <= options.rounds(); round++) {
        Question first = question(config, serving, pictures, cores);
        double capacity = new Planner(first).capacity();
        if (!warm) {
          progress.accept("warming up");
          var unused = load.run(options.mix(), WARM_UP_LOAD * capacity, options.warmUpSeconds(), 0);
          warm = true;
        }
        progress.accept("measuring the work of events");
        ServedLoad.Work work = load.work(options.mix(), WORK_LOAD * capacity, WORK_SECONDS, -round);
        double more = batchWork(work, first.batches());
        Question question = with(first, work, more);
        Planner planner = new Planner(question);
        double most = planner.sustained(1);
        add("decoding alone, ms", first.instance().decodeMillis());
        add("decoding while batches run, ms", work.decoding());
        add("letting an event come, ms", work.taking());
        add("processor time of batches, beside decoding ÷ alone, times", more);
        add("a woken thread waits for a core: mean, ms", work.waking().mean());
        add(
            "a woken thread waits for a core: p99, ms",
            StreamSingle.percentile(work.waking().millis(), 99));
        add("the planned instance just carries, events/s", most);
        for (double part : options.loads()) {
          compare(planner, load, round, part, part * most);
        }
      }
    }
    return new PlanReport(
        PlanReport.SCHEMA,
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        MachineFacts.here(),
        report(config));
  }

  private void compare(Planner planner, ServedLoad load, int round, double part, double perSecond)
      throws BenchException, InterruptedException, ExecutionException {
    Outcome planned = planner.at(perSecond, 1);
    CpuClock clock = CpuClock.start();
    Map<Tier, ServedLoad.Found> real = load.run(options.mix(), perSecond, options.seconds(), round);
    String share = String.format(Locale.ROOT, "%.0f %% load: ", 100 * part);
    add(
        share + "cores at work planned, cores",
        planned.cores() * Runtime.getRuntime().availableProcessors());
    add(share + "cores at work real, cores", clock.coresUsed());
    for (TierOutcome tier : planned.tiers()) {
      ServedLoad.Found found = real.get(Tier.valueOf(tier.tier().toUpperCase(Locale.ROOT)));
      if (found == null) {
        throw new BenchException(
            "plan: no event of tier %s came (expected: some; run for longer)"
                .formatted(tier.tier()));
      }
      String at = String.format(Locale.ROOT, "%.0f %% load, %s", 100 * part, tier.tier());
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
              "round %d, %s: p50 %.1f ms planned, %.1f real; p99 %.1f planned, %.1f real; decoding p50 %.1f",
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

  private Question question(
      ProcessorConfig config, ServingPolicy serving, List<byte[]> pictures, int cores)
      throws BenchException, ModelException, InterruptedException, ExecutionException {
    Policy policy =
        new Policy(
            List.copyOf(serving.models().keySet()),
            serving.tiers(),
            serving.batches(),
            serving.maxBatch(),
            serving.brownout());
    Map<String, String> models = new LinkedHashMap<>(serving.models());
    models.keySet().retainAll(Question.variants(policy, options.mix()));
    int workers = config.workers().orElse(cores);
    MeasuredBatches batches = batches(config, models, workers, serving.maxBatch());
    return new Question(
        new Rate(1),
        options.mix(),
        Burst.NONE,
        policy,
        new Instance(
            new InstanceDevices(InstanceDevices.Kind.CPU, workers),
            cores,
            config.decodeThreads().orElse(cores),
            1,
            NO_WINDOW,
            decoding(config, policy, models, pictures, cores),
            0,
            TimeSample.NONE),
        batches,
        PLANNED_SECONDS,
        1,
        0,
        1);
  }

  /** So many times the processor time that they were measured to take when nothing decoded. */
  private static double batchWork(ServedLoad.Work work, MeasuredBatches measured) {
    double alone = 0;
    for (Map.Entry<String, Map<Integer, Double>> variant : work.batches().entrySet()) {
      for (Map.Entry<Integer, Double> batches : variant.getValue().entrySet()) {
        BatchTime time = measured.at(variant.getKey(), batches.getKey());
        alone += batches.getValue() * time.mean() * time.onCore();
      }
    }
    return Math.max(1, work.computing() / alone);
  }

  private static Question with(Question question, ServedLoad.Work work, double batchWork) {
    Instance instance = question.instance();
    return new Question(
        question.rate(),
        question.mix(),
        question.burst(),
        question.policy(),
        new Instance(
            instance.devices(),
            instance.cores(),
            instance.decoders(),
            instance.streamThreads(),
            instance.window(),
            instance.decoding().times(work.decoding() / instance.decodeMillis()),
            work.taking(),
            work.waking()),
        question.batches().withWork(batchWork),
        question.seconds(),
        question.seed(),
        question.headroom(),
        question.degraded());
  }

  private MeasuredBatches batches(
      ProcessorConfig config, Map<String, String> models, int workers, int maxBatch)
      throws BenchException, ModelException, InterruptedException {
    progress.accept("measuring batches of " + String.join(", ", models.values()));
    List<Integer> sizes = new ArrayList<>();
    for (int size = 1; size < maxBatch; size += size < EVERY_SIZE_TO ? 1 : size) {
      sizes.add(size);
    }
    sizes.add(maxBatch);
    EngineReport report =
        new EngineBenchmark(
                new EngineOptions(
                    List.copyOf(models.values()),
                    sizes,
                    List.of(config.engine()),
                    List.of("cpu"),
                    List.of(Mode.THROUGHPUT),
                    SECONDS_PER_POINT,
                    CALIBRATIONS,
                    workers,
                    false,
                    config.modelRepository()),
                new EngineBenchmark.Listener() {
                  @Override
                  public void planned(EnginePlan plan, int measurements) {}

                  @Override
                  public void measured(int round, EnginePoint point, Measurement measurement) {}
                })
            .run();
    return BatchMeasurements.of(
        report, models, config.engine(), InstanceDevices.Kind.CPU, "the measurement");
  }

  /** Processor time of decoding, on all cores at once, as under load. */
  private TimeSample decoding(
      ProcessorConfig config,
      Policy policy,
      Map<String, String> models,
      List<byte[]> pictures,
      int cores)
      throws ModelException, InterruptedException, ExecutionException {
    Map<Tier, Preprocessor> preprocessors = new EnumMap<>(Tier.class);
    for (Tier tier : options.mix().shares().keySet()) {
      String variant = policy.tier(tier).variant();
      preprocessors.put(
          tier,
          new Preprocessor(
              ModelRepository.locator(config.modelRepository())
                  .find(models.getOrDefault(variant, variant))
                  .card()
                  .preprocessing()));
    }
    List<Double> millis = new ArrayList<>();
    for (int turn = 0; turn < 2; turn++) { // the first warms up
      millis.clear();
      List<FutureTask<List<Double>>> tasks = new ArrayList<>();
      List<Thread> threads = new ArrayList<>();
      for (int core = 0; core < cores; core++) {
        long seed = core;
        FutureTask<List<Double>> task =
            new FutureTask<>(() -> decode(preprocessors, pictures, seed));
        tasks.add(task);
        threads.add(new Thread(task, "calibration-" + core));
      }
      threads.forEach(Thread::start);
      // To their end: processor time of threads that end later would be taken for the engine's.
      for (Thread thread : threads) {
        thread.join();
      }
      for (FutureTask<List<Double>> task : tasks) {
        millis.addAll(task.get());
      }
    }
    return new TimeSample(millis);
  }

  private List<Double> decode(
      Map<Tier, Preprocessor> preprocessors, List<byte[]> pictures, long seed)
      throws ImageException {
    ImageDecoder decoder = new ImageDecoder(DecodeLimits.DEFAULT);
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    SplittableRandom random = new SplittableRandom(seed);
    List<Double> millis = new ArrayList<>();
    long end = System.nanoTime() + (long) (DECODE_SECONDS * 1e9);
    while (System.nanoTime() < end) {
      Preprocessor preprocessor =
          Objects.requireNonNull(preprocessors.get(options.mix().at(random.nextDouble())));
      byte[] picture = pictures.get(random.nextInt(pictures.size()));
      long before = threads.getCurrentThreadCpuTime();
      preprocessor.apply(decoder.decode(picture));
      millis.add((threads.getCurrentThreadCpuTime() - before) / 1e6);
    }
    return millis;
  }

  private void add(String figure, double value) {
    figures.computeIfAbsent(figure, f -> new ArrayList<>()).add(value);
  }

  private ScenarioReport report(ProcessorConfig config) {
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
            "Each round measures batches and decoding, plans from that, and runs. Goal: planned ÷ real from 0.8 to 1.2.",
            "Real: router, decoders, micro-batcher and engine of the processor, without Kafka. Events come at random times in both."));
  }
}
