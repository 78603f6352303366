package dev.phistream.planning;

import dev.phistream.batching.BatchPolicy;
import dev.phistream.event.Tier;
import dev.phistream.routing.TierPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Puts one simulated instance to the test. Takes about a microsecond of real time per event. */
final class InstanceTrial {
  /** Fewer seconds than were asked for are simulated when they have so many events. */
  static final int ENOUGH_EVENTS = 60_000;

  private static final int DIGITS = 3;
  private static final double NANOS = 1e6;

  /** Part of the time in which it gets going and nothing is counted. */
  private static final double WARM_UP = 0.1;

  /** Part of a tier's events that may be unanswered when the last one comes. */
  private static final double UNANSWERED = 0.02;

  /** Times as they were measured, by chance the shorter and the longer ones. */
  private record MeasuredCost(MeasuredBatches batches, SplittableRandom random)
      implements BatchCost {
    @Override
    public long nanos(String variant, int size) {
      return Math.max(1, Math.round(batches.at(variant, size).nanosAt(random.nextDouble())));
    }

    @Override
    public double onCore(String variant, int size) {
      return batches.at(variant, size).onCore();
    }
  }

  /** What is counted of a tier. */
  private static final class Count {
    private final Histogram nanos = new Histogram(DIGITS);
    private final Histogram decode = new Histogram(DIGITS);
    private final Histogram compute = new Histogram(DIGITS);
    private final Histogram wait = new Histogram(DIGITS);
    private long inBatch;
    private long all;
    private long degraded;
    private long shed;
    private long unanswered;
  }

  private final PlanRequest request;
  private final Map<Tier, Count> counts = new EnumMap<>(Tier.class);

  private InstanceTrial(PlanRequest request) {
    this.request = request;
    request.mix().shares().keySet().forEach(tier -> counts.put(tier, new Count()));
  }

  /** Lets an instance have so many events per second from so many partitions. */
  static Outcome run(PlanRequest request, double perSecond, int partitions) {
    return new InstanceTrial(request).run(perSecond, partitions);
  }

  private Outcome run(double perSecond, int partitions) {
    Policy policy = request.policy();
    Instance instance = request.instance();
    double seconds =
        request.burst().seconds() > 0
            ? request.seconds()
            : Math.min(request.seconds(), Math.max(1, ENOUGH_EVENTS / perSecond));
    BatchPolicy otherwise = new BatchPolicy(policy.maxBatch());
    SplittableRandom random = new SplittableRandom(request.seed() + 1);
    SplittableRandom wakings = new SplittableRandom(request.seed() + 2);
    Simulation simulation =
        new Simulation(
                instance.machine(),
                instance.source(partitions),
                variant -> policy.batches().getOrDefault(variant, otherwise),
                variant -> request.batches().warmUp(variant, policy.maxBatch()),
                new MeasuredCost(request.batches(), random))
            .wakingAfter(() -> instance.schedulingDelay().nanosAt(wakings.nextDouble()));
    RoutedTraffic traffic =
        new RoutedTraffic(
            simulation, instance.decoders(), policy.variants(), policy.tiers(), policy.brownout());
    int shared = Math.max(partitions, instance.streamThreads());
    double endNanos = seconds * 1e9;
    long[] events = new long[1];
    traffic.play(
        new Arrivals(request, perSecond, seconds, shared),
        outcome -> {
          events[0]++;
          count(outcome, endNanos);
        },
        event -> {
          events[0]++;
          shed(event, endNanos);
        });
    return outcome(simulation, perSecond, seconds, shared, events[0]);
  }

  private void count(RoutedTraffic.Outcome outcome, double endNanos) {
    Count count = count(outcome.event());
    long arrived = outcome.event().arrivesNanos();
    if (arrived + outcome.sinceTopicNanos() > endNanos) {
      count.unanswered++;
    }
    if (arrived >= WARM_UP * endNanos) {
      count.all++;
      count.nanos.recordValue(outcome.sinceTopicNanos());
      long compute = outcome.batch().finishedNanos() - outcome.batch().startedNanos();
      count.decode.recordValue(outcome.decodeNanos());
      count.compute.recordValue(compute);
      count.wait.recordValue(
          Math.max(0, outcome.sinceTopicNanos() - outcome.decodeNanos() - compute));
      count.inBatch += outcome.batch().items().size();
      if (outcome.route().degraded() != null) {
        count.degraded++;
      }
    }
  }

  private void shed(SimulatedEvent event, double endNanos) {
    if (event.arrivesNanos() >= WARM_UP * endNanos) {
      Count count = count(event);
      count.all++;
      count.shed++;
    }
  }

  private Count count(SimulatedEvent event) {
    return counts.computeIfAbsent(Tier.valueOf(event.variant()), tier -> new Count());
  }

  private Outcome outcome(
      Simulation simulation, double perSecond, double seconds, int partitions, long events) {
    List<TierOutcome> tiers = new ArrayList<>();
    counts.forEach((tier, count) -> tiers.add(outcome(tier, count)));
    Usage usage = simulation.usage();
    Instance instance = request.instance();
    double span = Math.max(1, (double) usage.spanNanos());
    return new Outcome(
        perSecond,
        seconds,
        partitions,
        tiers,
        usage.devices() / span / instance.workers(),
        usage.decoders() / span / instance.decoders(),
        usage.cores() / span / instance.cores(),
        usage.threads() / span / instance.streamThreads(),
        simulation.fullWindows() / (double) Math.max(1, events));
  }

  private TierOutcome outcome(Tier tier, Count count) {
    TierPolicy policy = request.policy().tier(tier);
    @Nullable Duration objective = policy.objective();
    double all = Math.max(1, count.all);
    Instance instance = request.instance();
    long allowed =
        (long) instance.decoders() + 2L * instance.workers() * request.policy().maxBatch();
    return new TierOutcome(
        tier.name().toLowerCase(Locale.ROOT),
        policy.variant(),
        count.all,
        count.nanos.getValueAtPercentile(50) / NANOS,
        count.nanos.getValueAtPercentile(99) / NANOS,
        new TierStages(
            stage(count.wait),
            stage(count.decode),
            stage(count.compute),
            count.inBatch / (double) Math.max(1, count.nanos.getTotalCount())),
        objective == null ? null : objective.toNanos() / NANOS,
        count.degraded / all,
        count.shed / all,
        (double) count.unanswered <= Math.max((double) allowed, UNANSWERED * all));
  }

  private static TierStages.Stage stage(Histogram nanos) {
    return new TierStages.Stage(nanos.getMean() / NANOS, nanos.getValueAtPercentile(99) / NANOS);
  }
}
