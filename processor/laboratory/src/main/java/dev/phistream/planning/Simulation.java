package dev.phistream.planning;

import dev.phistream.batching.AdaptiveSizing;
import dev.phistream.batching.AgeingQueue;
import dev.phistream.batching.BatchForecast;
import dev.phistream.batching.BatchPolicy;
import dev.phistream.batching.BatchScheduler;
import dev.phistream.batching.DeviceForecast;
import dev.phistream.batching.QueueKey;
import dev.phistream.batching.Urgency;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A discrete-event simulation of stream threads, decoders, micro-batcher and devices. The scheduler
 * and the sizing are the real ones; time jumps from one happening to the next. Decoders and devices
 * have a processor each, or are put on some cores as an operating system would put them. Use it
 * once.
 */
public final class Simulation {
  private static final long NEVER = Jobs.NEVER;

  private record Decoding(SimulatedEvent event, BatchScheduler.Ticket place)
      implements AgeingQueue.Entry {
    @Override
    public Urgency urgency() {
      return place.urgency();
    }

    @Override
    public long sequence() {
      return place.sequence();
    }
  }

  /** A stream thread and what stands in its partitions. */
  private static final class StreamThread {
    private final ArrayDeque<SimulatedEvent> onTopic = new ArrayDeque<>();
    private boolean busy;
  }

  private final AgeingQueue<Decoding> undecoded = new AgeingQueue<>();
  private final BatchScheduler<SimulatedBatch.Item> scheduler = new BatchScheduler<>();
  private final List<AdaptiveSizing> sizings = new ArrayList<>();
  private final Map<String, Integer> queued = new HashMap<>();
  private final Jobs jobs;
  private final Machine machine;
  private final @Nullable SourceModel source;
  private final BatchCost cost;
  private final boolean[] busy;
  private final long[] freeSince;
  private final List<StreamThread> threads = new ArrayList<>();
  private final int[] inFlight;
  private Consumer<SimulatedBatch> whenBatchDone = batch -> {};
  private SimulationListener listener = new SimulationListener() {};
  private LongSupplier schedulingDelay = () -> 0;
  private int busyDevices;
  private int busyDecoders;
  private int busyThreads;
  private double deviceNanos;
  private double decoderNanos;
  private double threadNanos;
  private long fullWindows;
  private long now;
  private long looksAgain = NEVER;

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
   * @param cores how many; what is to be done takes longer when it is more
   */
  public Simulation(
      int devices,
      int decoders,
      int cores,
      Function<String, BatchPolicy> policies,
      BatchCost cost) {
    this(new Machine(devices, true, decoders, cores), null, policies, variant -> Map.of(), cost);
  }

  /**
   * Sets the whole scene.
   *
   * @param source how events are taken off their topic, or null if they are simply there
   * @param measured what micro-batches of a variant took at the warm-up, by size
   */
  public Simulation(
      Machine machine,
      @Nullable SourceModel source,
      Function<String, BatchPolicy> policies,
      Function<String, Map<Integer, Duration>> measured,
      BatchCost cost) {
    for (int device = 0; device < machine.devices(); device++) {
      sizings.add(
          new AdaptiveSizing(
              queue -> policies.apply(queue.slot()),
              queue -> Integer.MAX_VALUE,
              queue -> measured.apply(queue.slot())));
    }
    this.machine = machine;
    this.jobs = new Jobs(machine.cores());
    this.source = source;
    this.busy = new boolean[machine.devices()];
    this.freeSince = new long[machine.devices()];
    this.cost = cost;
    this.inFlight = new int[source == null ? 0 : source.partitions()];
    for (int thread = 0; source != null && thread < source.threads(); thread++) {
      threads.add(new StreamThread());
    }
  }

  /** What micro-batches are expected to take. */
  public BatchForecast<String> forecast() {
    return new DeviceForecast(() -> sizings).by(QueueKey::of);
  }

  /** The time. */
  public long nanos() {
    return now;
  }

  /** The same, steered. */
  public Simulation steeredBy(SimulationListener listener) {
    this.listener = listener;
    return this;
  }

  /** The same, where threads that wait are at work only so long after they are woken. */
  public Simulation wakingAfter(LongSupplier nanos) {
    this.schedulingDelay = nanos;
    return this;
  }

  /** What was busy so far. */
  public Usage usage() {
    return new Usage(now, deviceNanos, decoderNanos, jobs.coreNanos(), threadNanos);
  }

  /** Events so far that came while their stream thread was waiting for a full window. */
  public long fullWindows() {
    return fullWindows;
  }

  /** Events that are on the topic still. */
  public int onTopic() {
    return threads.stream().mapToInt(thread -> thread.onTopic.size()).sum();
  }

  /** Lets the events happen; the micro-batches in the order in which they started. */
  public List<SimulatedBatch> run(List<SimulatedEvent> events) {
    List<SimulatedEvent> ordered = new ArrayList<>(events);
    ordered.sort(Comparator.comparingLong(SimulatedEvent::arrivesNanos));
    List<SimulatedBatch> batches = new ArrayList<>();
    play(ordered.iterator(), batches::add);
    batches.sort(Comparator.comparingLong(SimulatedBatch::startedNanos));
    return List.copyOf(batches);
  }

  /**
   * Lets the events happen, however many.
   *
   * @param events in the order in which they arrive; their partitions are 0 to {@code
   *     source.partitions - 1} if there is an source
   * @param whenDone gets each micro-batch
   */
  public void play(Iterator<SimulatedEvent> events, Consumer<SimulatedBatch> whenDone) {
    whenBatchDone = whenDone;
    SimulatedEvent next = events.hasNext() ? events.next() : null;
    while (true) {
      long untilNext = jobs.untilNext();
      long end = untilNext == NEVER ? NEVER : now + untilNext;
      long arrives = next == null ? NEVER : next.arrivesNanos();
      long at = Math.min(end, Math.min(arrives, looksAgain));
      if (at == NEVER) {
        return;
      }
      passUntil(at);
      if (next != null && arrives == at) {
        arrive(next);
        next = events.hasNext() ? events.next() : null;
      } else if (looksAgain == at) {
        looksAgain = NEVER;
      } else {
        jobs.endNext();
      }
      // Devices look when all that happens at this time has happened.
      if ((next == null || next.arrivesNanos() > now) && jobs.untilNext() > 0) {
        startDevices();
      }
    }
  }

  private void passUntil(long nanos) {
    long passed = nanos - now;
    jobs.pass(passed);
    deviceNanos += (double) passed * busyDevices;
    decoderNanos += (double) passed * busyDecoders;
    threadNanos += (double) passed * busyThreads;
    now = nanos;
  }

  /** A thread gets going: at once if it is at work already, else some time after it was woken. */
  private void goOn(boolean isAwake, Runnable work) {
    long nanos = isAwake ? 0 : schedulingDelay.getAsLong();
    if (nanos == 0) {
      work.run();
    } else {
      jobs.pause((double) nanos, work);
    }
  }

  /** The part of a micro-batch that needs a core, and after it the part that does not. */
  private void compute(String variant, int size, Runnable whenDone) {
    double nanos = (double) cost.nanos(variant, size);
    double waits = machine.devicesOnCores() ? nanos * (1 - cost.onCore(variant, size)) : 0;
    Runnable then = waits < 1 ? whenDone : () -> jobs.pause(waits, whenDone);
    if (machine.devicesOnCores()) {
      jobs.work(nanos - waits, then);
    } else {
      jobs.pause(nanos, then);
    }
  }

  private void arrive(SimulatedEvent event) {
    if (source == null) {
      take(event);
      return;
    }
    StreamThread thread = thread(event.partition());
    thread.onTopic.add(event);
    takeNext(thread, source, false);
    if (!thread.busy) { // it has something to take
      fullWindows++;
    }
  }

  private StreamThread thread(int partition) {
    return threads.get(partition % threads.size());
  }

  /** A stream thread takes its next event if it may. */
  private void takeNext(StreamThread thread, SourceModel how, boolean isAwake) {
    SimulatedEvent event = thread.onTopic.peek();
    if (thread.busy || event == null || inFlight[event.partition()] >= how.window()) {
      return;
    }
    thread.onTopic.remove();
    inFlight[event.partition()]++;
    thread.busy = true;
    busyThreads++;
    goOn(
        isAwake,
        () ->
            jobs.work(
                (double) how.takeNanos(),
                () -> {
                  thread.busy = false;
                  busyThreads--;
                  take(event);
                  takeNext(thread, how, true);
                }));
  }

  private void take(SimulatedEvent asked) {
    SimulatedEvent event = listener.arrived(asked);
    if (event == null) {
      left(asked);
      return;
    }
    undecoded.add(
        new Decoding(event, scheduler.expect(QueueKey.of(event.variant()), event.urgency())));
    startDecoders(false);
  }

  /** Its slot of the window is free. */
  private void left(SimulatedEvent event) {
    if (source != null) {
      inFlight[event.partition()]--;
      takeNext(thread(event.partition()), source, false);
    }
  }

  /**
   * Decoders that have nothing to do take what waits.
   *
   * @param isAwake whether the first of them is at work already
   */
  private void startDecoders(boolean isAwake) {
    boolean goesOn = isAwake;
    while (busyDecoders < machine.decoders()) {
      Decoding next = undecoded.poll(now);
      if (next == null) {
        return;
      }
      busyDecoders++;
      goOn(goesOn, () -> decode(next));
      goesOn = false;
    }
  }

  private void decode(Decoding decoding) {
    long started = now;
    jobs.work((double) decoding.event().decodeNanos(), () -> decoded(decoding, started));
  }

  private void decoded(Decoding decoding, long startedNanos) {
    busyDecoders--;
    listener.decoded(decoding.event(), now - startedNanos);
    scheduler.add(decoding.place(), new SimulatedBatch.Item(decoding.event(), now), now);
    queued.merge(decoding.event().variant(), 1, Integer::sum);
    startDecoders(true);
  }

  private void startDevices() {
    looksAgain = NEVER;
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
        looksAgain = Math.min(looksAgain, now + wait);
      }
      return;
    }
    String variant = batch.key().slot();
    int size = batch.items().size();
    int before = queued.merge(variant, -size, Integer::sum) + size;
    int target = sizing.target(batch.key());
    busy[device] = true;
    busyDevices++;
    goOn(freeSince[device] == now, () -> run(device, sizing, batch, target, before));
  }

  private void run(
      int device,
      AdaptiveSizing sizing,
      BatchScheduler.Batch<SimulatedBatch.Item> batch,
      int target,
      int before) {
    String variant = batch.key().slot();
    int size = batch.items().size();
    long started = now;
    compute(
        variant,
        size,
        () -> {
          busy[device] = false;
          busyDevices--;
          freeSince[device] = now;
          sizing.observe(batch.key(), size, now - started);
          SimulatedBatch done =
              new SimulatedBatch(device, variant, target, batch.items(), before, started, now);
          whenBatchDone.accept(done);
          batch
              .items()
              .forEach(
                  item -> {
                    listener.answered(item.event(), done);
                    left(item.event());
                  });
        });
  }
}
