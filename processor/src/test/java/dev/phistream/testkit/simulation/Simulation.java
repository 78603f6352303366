package dev.phistream.testkit.simulation;

import dev.phistream.batching.AdaptiveSizing;
import dev.phistream.batching.BatchPolicy;
import dev.phistream.batching.BatchScheduler;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A discrete-event simulation of decoders, micro-batcher and devices. The scheduler and the sizing
 * are the real ones; time jumps from one happening to the next. Use it once.
 */
public final class Simulation {
  /** Something that happens; of what happens at one time, what was planned first goes first. */
  private record Happening(long atNanos, long number, Runnable what) {}

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
  private final BatchCost cost;
  private final boolean[] busy;
  private final Map<String, Integer> queued = new HashMap<>();
  private int freeDecoders;
  private long now;
  private long planned;

  /**
   * Sets the scene.
   *
   * @param devices how many run micro-batches side by side
   * @param decoders how many events are decoded side by side
   * @param policies by variant
   * @param cost what micro-batches take
   */
  public Simulation(
      int devices, int decoders, Function<String, BatchPolicy> policies, BatchCost cost) {
    for (int device = 0; device < devices; device++) {
      sizings.add(new AdaptiveSizing(policies, variant -> Integer.MAX_VALUE, variant -> Map.of()));
    }
    this.busy = new boolean[devices];
    this.freeDecoders = decoders;
    this.cost = cost;
  }

  /** Lets the events happen; the micro-batches in the order in which they started. */
  public List<SimulatedBatch> run(List<SimulatedEvent> events) {
    events.forEach(event -> at(event.arrivesNanos(), () -> arrive(event)));
    Happening next;
    while ((next = agenda.poll()) != null) {
      now = next.atNanos();
      next.what().run();
      // Devices look when all that happens at this time has happened.
      Happening then = agenda.peek();
      if (then == null || then.atNanos() > now) {
        startDevices();
      }
    }
    return List.copyOf(batches);
  }

  private void arrive(SimulatedEvent event) {
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
      at(now + next.event().decodeNanos(), () -> decoded(next));
    }
  }

  private void decoded(Decoding decoding) {
    freeDecoders++;
    scheduler.add(decoding.place(), new SimulatedBatch.Item(decoding.event(), now));
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
    BatchScheduler.@Nullable Batch<SimulatedBatch.Item> batch = scheduler.poll(now, sizing);
    if (batch == null) {
      long wait = scheduler.nanosUntilReady(now, sizing);
      if (wait != Long.MAX_VALUE) {
        at(now + wait, () -> {});
      }
      return;
    }
    String variant = batch.variant();
    int size = batch.items().size();
    long finished = now + cost.nanos(variant, size);
    int before = queued.merge(variant, -size, Integer::sum) + size;
    batches.add(
        new SimulatedBatch(
            device, variant, sizing.target(variant), batch.items(), before, now, finished));
    busy[device] = true;
    long took = finished - now;
    at(
        finished,
        () -> {
          busy[device] = false;
          sizing.observe(variant, size, took);
        });
  }

  private void at(long nanos, Runnable what) {
    agenda.add(new Happening(nanos, planned++, what));
  }
}
