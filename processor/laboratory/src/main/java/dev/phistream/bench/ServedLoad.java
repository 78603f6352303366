package dev.phistream.bench;

import dev.phistream.config.ConfigException;
import dev.phistream.config.Settings;
import dev.phistream.event.Tier;
import dev.phistream.model.ModelException;
import dev.phistream.pipeline.Answer;
import dev.phistream.pipeline.ImageRequest;
import dev.phistream.pipeline.ImageSource;
import dev.phistream.planning.TierMix;
import dev.phistream.planning.TimeSample;
import dev.phistream.routing.Admission;
import dev.phistream.routing.LoadControl;
import dev.phistream.routing.Route;
import dev.phistream.routing.Router;
import dev.phistream.routing.RoutingListener;
import dev.phistream.routing.ShedException;
import dev.phistream.routing.UnknownVariantException;
import dev.phistream.runtime.Serving;
import dev.phistream.runtime.ServingPolicy;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * The processor's real router, decoders, micro-batcher and engine, without Kafka, under events that
 * come at random.
 */
final class ServedLoad implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int TOP_K = 5;

  /** Part of the time in which it gets going and nothing is counted. */
  private static final double WARM_UP = 0.1;

  /**
   * An event that has come. It keeps what is reported of its answer alone: with the answers of a
   * whole run, the JVM would collect them in pauses that a processor does not have.
   */
  private record Sent(
      Tier tier, boolean slept, double lateMillis, CompletableFuture<Answered> answer) {}

  /** What an event met, in milliseconds, and its micro-batch. */
  private record Answered(
      String variant,
      double sinceDue,
      double decode,
      double compute,
      double waiting,
      double batchSize) {
    static Answered of(String variant, Answer answer, double lateMillis) {
      Answer.Timings took = answer.timings();
      return new Answered(
          variant,
          lateMillis + millis(took.total()),
          millis(took.decode()),
          millis(took.inference()),
          lateMillis + millis(took.queue()),
          answer.batchSize());
    }
  }

  /**
   * Processor time, in milliseconds.
   *
   * @param decoding of the decoders, an event
   * @param taking of the thread that lets events come, an event
   * @param computing of the devices and the engine's own threads, altogether
   * @param batches micro-batches that they ran, by variant and size
   * @param schedulingDelay how late the thread was that lets events come, when it had slept until
   *     one should come
   */
  record Work(
      double decoding,
      double taking,
      double computing,
      Map<String, Map<Integer, Double>> batches,
      TimeSample schedulingDelay) {
    /** Of both times, which were of the same length. */
    Work and(Work other) {
      Map<String, Map<Integer, Double>> all = new HashMap<>();
      for (Work each : List.of(this, other)) {
        each.batches.forEach(
            (variant, sizes) ->
                sizes.forEach(
                    (size, number) ->
                        all.computeIfAbsent(variant, v -> new HashMap<>())
                            .merge(size, number, Double::sum)));
      }
      return new Work(
          (decoding + other.decoding) / 2,
          (taking + other.taking) / 2,
          computing + other.computing,
          all,
          TimeSample.of(List.of(schedulingDelay, other.schedulingDelay)));
    }
  }

  /**
   * What a tier's events met.
   *
   * @param millis from the moment at which it should come to its answer
   * @param decodeMillis of them, decoding
   * @param computeMillis of them, in a micro-batch
   * @param waitMillis of them, until it came, and waiting for a decoder and for a micro-batch
   * @param batchSizes of the micro-batches that they were in
   * @param degraded share
   */
  record Found(
      List<Double> millis,
      List<Double> decodeMillis,
      List<Double> computeMillis,
      List<Double> waitMillis,
      List<Double> batchSizes,
      double degraded) {}

  private final Serving serving;
  private final Router router;
  private final List<byte[]> images;

  private ServedLoad(Serving serving, Router router, List<byte[]> images) {
    this.serving = serving;
    this.router = router;
    this.images = images;
  }

  static ServedLoad start(Settings config, ServingPolicy policy, List<byte[]> images)
      throws ConfigException, ModelException {
    Serving serving = Serving.start(config, new SimpleMeterRegistry(), false);
    Router router =
        new Router(
            serving.variants(),
            policy.tiers(),
            Tier.BALANCED,
            serving.latency(),
            new LoadControl(policy.brownout(), System::nanoTime, RoutingListener.NONE));
    return new ServedLoad(serving, router, images);
  }

  /** What events cost while decoders, micro-batcher and engine are at work side by side. */
  Work work(TierMix mix, double perSecond, double seconds, long seed)
      throws BenchException, InterruptedException, ExecutionException {
    CpuUse before = CpuUse.now();
    long own = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    List<Sent> sent = send(mix, perSecond, seconds, seed, 0, new EnumMap<>(Tier.class));
    int events = sent.size();
    double taking = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - own;
    Map<String, Map<Integer, Double>> batches = new HashMap<>();
    for (Sent event : sent) {
      Answered answered = answered(event);
      batches
          .computeIfAbsent(answered.variant(), variant -> new HashMap<>())
          .merge((int) answered.batchSize(), 1 / answered.batchSize(), Double::sum);
    }
    double waiting = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - own;
    CpuUse used = CpuUse.now().since(before);
    List<Double> waits = sent.stream().filter(Sent::slept).map(Sent::lateMillis).toList();
    return new Work(
        used.decoding() * 1e3 / events,
        taking / 1e6 / events,
        // This thread is in the rest.
        (used.devices() + used.rest()) * 1e3 - waiting / 1e6,
        batches,
        waits.isEmpty() ? TimeSample.NONE : new TimeSample(waits));
  }

  /** Lets events come for some time and waits for their answers. */
  Map<Tier, Found> run(TierMix mix, double perSecond, double seconds, long seed)
      throws BenchException, InterruptedException, ExecutionException {
    Map<Tier, int[]> degraded = new EnumMap<>(Tier.class);
    return found(send(mix, perSecond, seconds, seed, WARM_UP * seconds, degraded), degraded);
  }

  private List<Sent> send(
      TierMix mix,
      double perSecond,
      double seconds,
      long seed,
      double countedFrom,
      Map<Tier, int[]> degraded)
      throws BenchException {
    SplittableRandom random = new SplittableRandom(seed);
    List<Sent> sent = new ArrayList<>();
    long started = System.nanoTime();
    double due = 0;
    while (due < seconds * 1e9) {
      boolean slept = false;
      while (System.nanoTime() - started < due) {
        slept = true;
        LockSupport.parkNanos((long) due - (System.nanoTime() - started));
      }
      double late = (System.nanoTime() - started - due) / 1e6;
      Tier tier = mix.at(random.nextDouble());
      byte[] image = images.get(random.nextInt(images.size()));
      Sent event = new Sent(tier, slept, late, submit(tier, image, late, degraded));
      if (due >= countedFrom * 1e9) {
        sent.add(event);
      }
      due += -Math.log(1 - random.nextDouble()) / perSecond * 1e9;
    }
    return sent;
  }

  private CompletableFuture<Answered> submit(
      Tier tier, byte[] image, double lateMillis, Map<Tier, int[]> degraded) throws BenchException {
    Admission admission;
    try {
      admission = router.admit(tier, null, null);
    } catch (UnknownVariantException | ShedException e) {
      throw new BenchException(
          "plan: %s (expected: no shedding in a run that is compared)".formatted(e.getMessage()),
          e);
    }
    Route route = admission.route();
    if (route.degraded() != null) {
      degraded.computeIfAbsent(tier, t -> new int[1])[0]++;
    }
    return serving
        .classifier()
        .submit(
            new ImageRequest(
                new ImageSource.Inline(image),
                route.variant(),
                route.maxDelay(),
                route.objective(),
                TOP_K))
        .whenComplete(
            (answer, error) -> {
              if (error == null) {
                admission.answered(answer.timings().total());
              } else {
                admission.abandoned();
              }
            })
        .thenApply(answer -> Answered.of(route.variant(), answer, lateMillis));
  }

  private static Map<Tier, Found> found(List<Sent> sent, Map<Tier, int[]> degraded)
      throws BenchException, InterruptedException, ExecutionException {
    Map<Tier, List<Answered>> answers = new EnumMap<>(Tier.class);
    for (Sent event : sent) {
      answers.computeIfAbsent(event.tier(), t -> new ArrayList<>()).add(answered(event));
    }
    Map<Tier, Found> found = new EnumMap<>(Tier.class);
    answers.forEach(
        (tier, all) ->
            found.put(
                tier,
                new Found(
                    all.stream().map(Answered::sinceDue).toList(),
                    all.stream().map(Answered::decode).toList(),
                    all.stream().map(Answered::compute).toList(),
                    all.stream().map(Answered::waiting).toList(),
                    all.stream().map(Answered::batchSize).toList(),
                    degraded.getOrDefault(tier, new int[1])[0] / (double) all.size())));
    return found;
  }

  private static Answered answered(Sent event)
      throws BenchException, InterruptedException, ExecutionException {
    try {
      return event.answer().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new BenchException(
          "plan: no answer within %d s (expected: one; run at a smaller load)"
              .formatted(PATIENCE.toSeconds()),
          e);
    }
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }

  @Override
  public void close() {
    serving.close();
  }
}
