package dev.phistream.planning;

import dev.phistream.event.Tier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Finds how many instances a load needs. Events are spread over partitions, so instances are alike
 * and know nothing of each other: one is simulated with its part of the rate, whatever the rate of
 * all is. Deterministic for a seed.
 */
public final class Planner {
  /** Part of what an instance could carry at which it has next to nothing to do. */
  private static final double IDLE = 0.02;

  private static final double STEP = 1.3;

  /** Instances are told apart to this part of them. */
  private static final double RESOLUTION = 0.005;

  /** A window is too small when it holds more than this part of the events up. */
  private static final double HELD_UP = 0.01;

  private static final int SUSTAINED_STEPS = 8;
  private static final int MOST_PARTITIONS = 256;
  private static final double[] OTHER_WORK = {0.85, 1.15};
  private static final double[] CURVE = {0.6, 0.7, 0.8, 0.9, 1, 1.15, 1.3, 1.6, 2};

  private final PlanRequest request;
  private final int leastPartitions;
  private final Map<Integer, Outcome> withHeadroom = new HashMap<>();

  /** Creates a planner. */
  public Planner(PlanRequest request) {
    this.request = request;
    Instance instance = request.instance();
    int room = 2 * request.policy().maxBatch() * instance.workers();
    this.leastPartitions =
        Math.max(instance.streamThreads(), (room + instance.window() - 1) / instance.window());
  }

  /**
   * Plans.
   *
   * @throws PlanException when even an instance that has next to nothing to do does not serve a
   *     tier well
   */
  public Plan plan() throws PlanException {
    double rate = request.rate().perSecond();
    double wanted = rate * (1 + request.headroom());
    double most = capacity();
    Outcome idle = serve(Math.min(wanted, IDLE * most));
    if (!idle.isEnough(request.degraded())) {
      throw new PlanException(hopeless(idle));
    }
    int needed = search(wanted, most, idle);
    Outcome chosen = serve(rate / needed);
    int partitions = Math.max(chosen.partitions(), trial(needed, wanted).partitions());
    return new Plan(
        Plan.SCHEMA,
        Plan.RequestedLoad.of(request),
        needed,
        needed * partitions,
        partitions,
        most,
        chosen,
        otherWork(chosen.perSecond(), partitions),
        curve(needed, chosen));
  }

  /** What an instance makes of the same events if they cost 15 % less or more work. */
  public List<Plan.OtherWork> otherWork(double perSecond, int partitions) {
    return Arrays.stream(OTHER_WORK)
        .mapToObj(
            work ->
                new Plan.OtherWork(
                    work, InstanceTrial.run(request.withWork(work), perSecond, partitions)))
        .toList();
  }

  /** What one instance makes of so many events per second from so many partitions. */
  public Outcome at(double perSecond, int partitions) {
    return InstanceTrial.run(request, perSecond, partitions);
  }

  /** What an instance could carry if all micro-batches were full and nothing ever waited. */
  public double capacity() {
    Instance instance = request.instance();
    Policy policy = request.policy();
    double devices = 0;
    double deviceWork = 0;
    for (Map.Entry<Tier, Double> share : request.mix().shares().entrySet()) {
      String variant = policy.tier(share.getKey()).variant();
      double least = Double.MAX_VALUE;
      double leastWork = Double.MAX_VALUE;
      for (int size = 1; size <= policy.maxBatch(); size++) {
        BatchTime time = request.batches().at(variant, size);
        least = Math.min(least, time.mean() / size);
        leastWork = Math.min(leastWork, time.mean() * time.onCore() / size);
      }
      devices += share.getValue() * least;
      deviceWork += share.getValue() * leastWork;
    }
    boolean onCores = instance.devices().kind() == InstanceDevices.Kind.CPU;
    double cores =
        (instance.decodeMillis() + instance.takeMillis() + (onCores ? deviceWork : 0))
            / instance.cores();
    double busiest =
        Math.max(
            Math.max(devices / instance.workers(), instance.decodeMillis() / instance.decoders()),
            Math.max(cores, instance.takeMillis() / instance.streamThreads()));
    return 1000 / busiest;
  }

  /**
   * Events per second up to which no backlog of one instance grows; less than {@link #capacity},
   * for urgent events do not wait until their micro-batches are full.
   *
   * @param partitions that it has
   */
  public double sustained(int partitions) {
    double carried = 0;
    double tooMuch = capacity();
    for (int step = 0; step < SUSTAINED_STEPS; step++) {
      double middle = (carried + tooMuch) / 2;
      if (at(middle, partitions).tiers().stream().allMatch(TierOutcome::keepsUp)) {
        carried = middle;
      } else {
        tooMuch = middle;
      }
    }
    return carried;
  }

  private int search(double wanted, double most, Outcome idle) {
    int tooFew = (int) Math.max(0, Math.ceil(wanted / most) - 1);
    int enough = tooFew + 1;
    while (wanted / enough > idle.perSecond() && !isEnough(enough, wanted)) {
      tooFew = enough;
      enough = Math.max(enough + 1, (int) Math.ceil(enough * STEP));
    }
    while (enough - tooFew > Math.max(1, enough * RESOLUTION)) {
      int middle = tooFew + (enough - tooFew) / 2;
      if (isEnough(middle, wanted)) {
        enough = middle;
      } else {
        tooFew = middle;
      }
    }
    return enough;
  }

  private boolean isEnough(int instances, double wanted) {
    return trial(instances, wanted).isEnough(request.degraded());
  }

  private Outcome trial(int instances, double wanted) {
    return withHeadroom.computeIfAbsent(instances, n -> serve(wanted / n));
  }

  /** An instance with so many events per second and as many partitions as help. */
  private Outcome serve(double perSecond) {
    int partitions = leastPartitions;
    Outcome outcome = InstanceTrial.run(request, perSecond, partitions);
    while (outcome.fullWindows() > HELD_UP
        && !outcome.isExhausted()
        && partitions * 2 <= MOST_PARTITIONS) {
      partitions *= 2;
      Outcome wider = InstanceTrial.run(request, perSecond, partitions);
      if (wider.fullWindows() >= outcome.fullWindows()) {
        break;
      }
      outcome = wider;
    }
    return outcome;
  }

  private List<Plan.Point> curve(int needed, Outcome chosen) {
    TreeSet<Integer> numbers = new TreeSet<>();
    for (double part : CURVE) {
      numbers.add(Math.max(1, (int) Math.round(part * needed)));
    }
    List<Plan.Point> curve = new ArrayList<>();
    for (int instances : numbers) {
      Outcome outcome =
          instances == needed ? chosen : serve(request.rate().perSecond() / instances);
      curve.add(new Plan.Point(instances, outcome.isEnough(request.degraded()), outcome));
    }
    return curve;
  }

  private String hopeless(Outcome idle) {
    String tiers =
        idle.tiers().stream()
            .filter(tier -> !tier.met() || tier.degraded() + tier.shed() > request.degraded())
            .map(
                tier ->
                    String.format(
                        Locale.ROOT,
                        "tier %s: p99 %.0f ms with %s, %.0f %% degraded or shed%s",
                        tier.tier(),
                        tier.p99Millis(),
                        tier.variant(),
                        100 * (tier.degraded() + tier.shed()),
                        tier.objectiveMillis() == null
                            ? ""
                            : String.format(
                                Locale.ROOT, " (objective %.0f ms)", tier.objectiveMillis())))
            .collect(Collectors.joining("; "));
    return "instances: no number is enough, for even one with %.1f events/s misses: %s (expected: met when nothing waits; choose a faster variant, engine or device, a longer tiers.….objective, or a larger --degraded)"
        .formatted(idle.perSecond(), tiers);
  }
}
