package dev.phistream.bench;

import dev.phistream.config.Settings;
import dev.phistream.event.Tier;
import dev.phistream.image.DecodeLimits;
import dev.phistream.image.ImageDecoder;
import dev.phistream.image.ImageException;
import dev.phistream.image.Preprocessor;
import dev.phistream.model.ModelException;
import dev.phistream.planning.BatchTime;
import dev.phistream.planning.Burst;
import dev.phistream.planning.EventWork;
import dev.phistream.planning.Instance;
import dev.phistream.planning.InstanceDevices;
import dev.phistream.planning.MeasuredBatches;
import dev.phistream.planning.PlanRequest;
import dev.phistream.planning.Policy;
import dev.phistream.planning.Rate;
import dev.phistream.planning.TierMix;
import dev.phistream.planning.TimeSample;
import dev.phistream.repository.ModelRepository;
import dev.phistream.runtime.ServingPolicy;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;

/**
 * What plans of this machine start from: batches of every size, decoding, and what both take side
 * by side.
 */
final class PlanCalibration {
  private static final double SECONDS_PER_POINT = 0.6;

  /** Medians count: in the first, the JVM compiles. */
  private static final int CALIBRATIONS = 5;

  private static final double DECODE_SECONDS = 3;

  /** Simulated for each comparison: many more events than the real run has. */
  private static final double PLANNED_SECONDS = 600;

  /** Larger ones lie well enough on lines between those that are measured. */
  private static final int EVERY_SIZE_TO = 8;

  /** Windows play no part without Kafka. */
  private static final int NO_WINDOW = 1_000_000;

  private final Settings config;
  private final ServingPolicy serving;
  private final TierMix mix;
  private final List<byte[]> images;
  private final Consumer<String> progress;

  PlanCalibration(
      Settings config,
      ServingPolicy serving,
      TierMix mix,
      List<byte[]> images,
      Consumer<String> progress) {
    this.config = config;
    this.serving = serving;
    this.mix = mix;
    this.images = images;
    this.progress = progress;
  }

  /** Measures batches and decoding, each while nothing else is done; takes a minute or two. */
  PlanRequest measure()
      throws BenchException, ModelException, InterruptedException, ExecutionException {
    Policy policy = PlanSettings.policy(serving);
    Map<String, String> models = PlanSettings.models(serving, mix);
    int cores = Runtime.getRuntime().availableProcessors();
    int workers = config.workers().orElse(cores);
    MeasuredBatches batches = batches(models, workers);
    return new PlanRequest(
        new Rate(1),
        mix,
        Burst.NONE,
        policy,
        new Instance(
            new InstanceDevices(InstanceDevices.Kind.CPU, workers),
            cores,
            config.decodeThreads().orElse(cores),
            1,
            NO_WINDOW,
            decoding(policy, models, cores),
            0,
            TimeSample.NONE),
        batches,
        PLANNED_SECONDS,
        1,
        0,
        1);
  }

  /** What events took when decoders, micro-batcher and engine were all at work. */
  static EventWork work(PlanRequest alone, ServedLoad.Work measured) {
    return new EventWork(
            alone.instance().decoding(),
            batchWork(alone.batches(), measured),
            measured.schedulingDelay())
        .withDecoding(measured.decoding());
  }

  /**
   * The same request with that.
   *
   * @param takeMillis work of letting an event come
   */
  static PlanRequest with(PlanRequest alone, EventWork work, double takeMillis) {
    Instance instance = alone.instance();
    return alone.with(
        new Instance(
            instance.devices(),
            instance.cores(),
            instance.decoders(),
            instance.streamThreads(),
            instance.window(),
            work.decoding(),
            takeMillis,
            work.schedulingDelay()),
        alone.batches().withWork(work.batches()));
  }

  /** So many times the processor time that they were measured to take when nothing decoded. */
  private static double batchWork(MeasuredBatches measured, ServedLoad.Work work) {
    double alone = 0;
    for (Map.Entry<String, Map<Integer, Double>> variant : work.batches().entrySet()) {
      for (Map.Entry<Integer, Double> batches : variant.getValue().entrySet()) {
        BatchTime time = measured.at(variant.getKey(), batches.getKey());
        alone += batches.getValue() * time.mean() * time.onCore();
      }
    }
    return Math.max(1, work.computing() / alone);
  }

  private MeasuredBatches batches(Map<String, String> models, int workers)
      throws BenchException, ModelException, InterruptedException {
    progress.accept("measuring batches of " + String.join(", ", models.values()));
    int maxBatch = serving.maxBatch();
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

                  @Override
                  public void refused(EnginePoint point, String reason) {} // thrown if all are
                })
            .run();
    return BatchMeasurements.of(
        report, models, config.engine(), InstanceDevices.Kind.CPU, "the measurement");
  }

  /** Processor time of decoding, on all cores at once, as under load. */
  private TimeSample decoding(Policy policy, Map<String, String> models, int cores)
      throws ModelException, InterruptedException, ExecutionException {
    Map<Tier, Preprocessor> preprocessors = new EnumMap<>(Tier.class);
    for (Tier tier : mix.shares().keySet()) {
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
        FutureTask<List<Double>> task = new FutureTask<>(() -> decode(preprocessors, seed));
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

  private List<Double> decode(Map<Tier, Preprocessor> preprocessors, long seed)
      throws ImageException {
    ImageDecoder decoder = new ImageDecoder(DecodeLimits.DEFAULT);
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    SplittableRandom random = new SplittableRandom(seed);
    List<Double> millis = new ArrayList<>();
    long end = System.nanoTime() + (long) (DECODE_SECONDS * 1e9);
    while (System.nanoTime() < end) {
      Preprocessor preprocessor =
          Objects.requireNonNull(preprocessors.get(mix.at(random.nextDouble())));
      byte[] image = images.get(random.nextInt(images.size()));
      long before = threads.getCurrentThreadCpuTime();
      preprocessor.apply(decoder.decode(image));
      millis.add((threads.getCurrentThreadCpuTime() - before) / 1e6);
    }
    return millis;
  }
}
