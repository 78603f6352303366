package dev.phistream.testkit.simulation;

import dev.phistream.batching.AdaptiveSizing;
import dev.phistream.batching.BatchForecast;
import dev.phistream.batching.BatchPolicy;
import dev.phistream.batching.BatchScheduler;
import dev.phistream.batching.DeviceForecast;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A discrete-event simulation of decoders, micro-batcher and devices. The scheduler and the sizing
 * are the real ones; time jumps from one happening to the next. Decoders and devices have a
 * processor each, or share some cores as an operating system would have them: all get on equally.
 * Use it once.
 */
public final class Simulation {
  /** Something that happens; of what happens at one time, what was planned first goes first. */
  private record Happening(long atNanos, long number, Runnable what) {}

  /** Decoding or a micro-batch that is running, and the work that it has left. */
  private static final class Job {
    private final Runnable whenDone;
    private double leftNanos;

    Job(long nanos, Runnable whenDone) {
      this.leftNanos = nanos;
      this.whenDone = whenDone;
    }
  }

  private record Decoding(SimulatedEvent event, BatchScheduler.Place place) {}

  private final PriorityQueue<Happening> agenda =
      new PriorityQueue<>(
          Comparator.comparingLong(Happening::atNanos).thenComparingLong(Happening::number));
  private final PriorityQueue<Decoding> undecoded =
      new PriorityQueue<>(
          Comparator.<Decoding>comparingLong(d -> d.place().urgency().deadlineNanos())
              .thenComparingLong(d -> d.place().sequence()));
  private final BatchScheduler<SimulatedBatch.Item> scheduler = new BatchScheduler<>();
  private final List<AdaptiveSizing> sizings = new ArrayList<>();
  private final List<SimulatedBatch> batches = new ArrayList<>();
  private final List<Job> jobs = new ArrayList<>();
  private final BatchCost cost;
  private final int cores;
  private final boolean[] busy;
  private final long[] freeSince;
  private final Map<String, Integer> queued = new HashMap<>();
  private Steering steering = new Steering() {};
  private int freeDecoders;
  private long now;
  private long planned;

  /**
   * Sets the scene: each decoder and device has a processor of its own.
   *
   * @param devices how many run micro-batches side by side
   * @param decoders how many events are decoded side by side
   * @param policies by variant
   * @param cost what micro-batches take
   */
  public Simulation(
      int devices, int decoders, Function<String, BatchPolicy> policies, BatchCost cost) {
    this(devices, decoders, devices + decoders, policies, cost);
  }

  /**
   * Sets the scene with shared processors.
   *
   * @param cores how many; what is to be done takes longer when it is more than they are
   */
  public Simulation(
      int devices,
      int decoders,
      int cores,
      Function<String, BatchPolicy> policies,
      BatchCost cost) {
    for (int device = 0; device < devices; device++) {
      sizings.add(new AdaptiveSizing(policies, variant -> Integer.MAX_VALUE, variant -> Map.of()));
    }
    this.busy = new boolean[devices];
    this.freeSince = new long[devices];
    this.cores = cores;
    this.freeDecoders = decoders;
    this.cost = cost;
  }

  /** What micro-batches are expected to take. */
  public BatchForecast forecast() {
    return new DeviceForecast(() -> sizings);
  }

  /** The time. */
  public long nanos() {
    return now;
  }

  /** The same, steered. */
  public Simulation steeredBy(Steering steering) {
    this.steering = steering;
    return this;
  }

  /** Lets the events happen; the micro-batches in the order in which they started. */
  public List<SimulatedBatch> run(List<SimulatedEvent> events) {
    events.forEach(event -> at(event.arrivesNanos(), () -> arrive(event)));
    while (!agenda.isEmpty() || !jobs.isEmpty()) {
      Happening happening = agenda.peek();
      Job job = jobs.stream().min(Comparator.comparingDouble(j -> j.leftNanos)).orElse(null);
      if (job != null && (happening == null || endOf(job) < happening.atNanos())) {
        workUntil(endOf(job));
        jobs.remove(job);
        job.whenDone.run();
      } else {
        workUntil(agenda.remove().atNanos());
        Objects.requireNonNull(happening).what().run();
      }
      // Devices look when all that happens at this time has happened.
      boolean more = agenda.stream().anyMatch(h -> h.atNanos() <= now);
      if (!more && jobs.stream().noneMatch(j -> endOf(j) <= now)) {
        startDevices();
      }
    }
    batches.sort(Comparator.comparingLong(SimulatedBatch::startedNanos));
    return List.copyOf(batches);
  }

  /** When a job ends if nothing else begins or ends before. */
  private long endOf(Job job) {
    return now + (long) Math.ceil(job.leftNanos / speed());
  }

  private void workUntil(long nanos) {
    double done = (nanos - now) * speed();
    jobs.forEach(job -> job.leftNanos = Math.max(0, job.leftNanos - done));
    now = nanos;
  }

  private double speed() {
    return Math.min(1, (double) cores / Math.max(1, jobs.size()));
  }

  private void arrive(SimulatedEvent asked) {
    SimulatedEvent event = steering.arrived(asked);
    if (event == null) {
      return;
    }
    undecoded.add(new Decoding(event, scheduler.expect(event.variant(), event.urgency())));
    startDecoders();
  }

  private void startDecoders() {
    while (freeDecoders > 0) {
      Decoding next = undecoded.poll();
      if (next == null) {
        return;
      }
      freeDecoders--;
      jobs.add(new Job(next.event().decodeNanos(), () -> decoded(next)));
    }
  }

  private void decoded(Decoding decoding) {
    freeDecoders++;
    steering.decoded(decoding.event());
    scheduler.add(decoding.place(), new SimulatedBatch.Item(decoding.event(), now), now);
    queued.merge(decoding.event().variant(), 1, Integer::sum);
    startDecoders();
  }

  private void startDevices() {
    for (int device = 0; device < busy.length; device++) {
      if (!busy[device]) {
        start(device);
      }
    }
  }

  private void start(int device) {
    AdaptiveSizing sizing = sizings.get(device);
    BatchScheduler.FreeDevice free = new BatchScheduler.FreeDevice(sizing, freeSince[device]);
    BatchScheduler.@Nullable Batch<SimulatedBatch.Item> batch = scheduler.poll(now, free);
    if (batch == null) {
      long wait = scheduler.nanosUntilReady(now, free);
      if (wait != Long.MAX_VALUE) {
        at(now + wait, () -> {});
      }
      return;
    }
    String variant = batch.variant();
    int size = batch.items().size();
    int before = queued.merge(variant, -size, Integer::sum) + size;
    int target = sizing.target(variant);
    long started = now;
    busy[device] = true;
    jobs.add(
        new Job(
            cost.nanos(variant, size),
            () -> {
              busy[device] = false;
              freeSince[device] = now;
              sizing.observe(variant, size, now - started);
              batches.add(
                  new SimulatedBatch(device, variant, target, batch.items(), before, started, now));
              batch.items().forEach(item -> steering.answered(item.event()));
            }));
  }

  private void at(long nanos, Runnable what) {
    agenda.add(new Happening(nanos, planned++, what));
  }
}
