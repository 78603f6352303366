package dev.phistream.latency;

import dev.phistream.batching.BatchForecast;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Predicts what answering an event will take, by what is in flight. Events with the same or a
 * nearer objective go first, because the earliest deadline does: they are counted, and what they
 * take on the devices and in the decoders is what a new one waits for, plus half of a running
 * micro-batch of the others. Its own decoding and micro-batch come on top. What answers really take
 * corrects this, per variant. Thread-safe.
 */
public final class LatencyModel implements LatencyEstimates {
  private static final double WEIGHT_OF_NEWEST = 0.1;

  /** What stands in line: events of a variant that have one objective. */
  private record QueueClass(String variant, long objectiveNanos) {}

  /** How much stands there. */
  private static final class QueueState {
    private int inFlight;
    private int undecoded;
  }

  /** What was learnt of a variant. */
  private static final class VariantStats {
    private double decodeNanos;
    private final Correction correction = new Correction();
  }

  /** An event in flight; say what becomes of it, once. */
  public final class Flight {
    private final QueueClass line;
    private final Raw raw;
    private final double predictedNanos;
    private boolean decoded;
    private boolean landed;

    private Flight(QueueClass line, Raw raw, double predictedNanos) {
      this.line = line;
      this.raw = raw;
      this.predictedNanos = predictedNanos;
    }

    /** Its image is ready for a micro-batch, and took so long to decode. */
    public void decoded(Duration took) {
      synchronized (LatencyModel.this) {
        if (decoded || landed) {
          return;
        }
        decoded = true;
        standing(line).undecoded--;
        VariantStats learnt = learnt(line.variant());
        double nanos = (double) took.toNanos();
        learnt.decodeNanos =
            learnt.decodeNanos == 0
                ? nanos
                : learnt.decodeNanos + WEIGHT_OF_NEWEST * (nanos - learnt.decodeNanos);
      }
    }

    /** It was answered, so long after its arrival. */
    public void answered(Duration took) {
      synchronized (LatencyModel.this) {
        if (landed) {
          return;
        }
        land();
        learnt(line.variant()).correction.observe(raw.total(), (double) took.toNanos());
      }
      listener.answered(line.variant(), duration(predictedNanos), took);
    }

    /** It will not be answered; does nothing after another end. */
    public void abandoned() {
      synchronized (LatencyModel.this) {
        land();
      }
    }

    private void land() {
      if (landed) {
        return;
      }
      landed = true;
      QueueState standing = standing(line);
      standing.inFlight--;
      if (!decoded) {
        standing.undecoded--;
      }
      if (standing.inFlight == 0) { // budgets make lines without end
        lines.remove(line);
      }
    }
  }

  /** What the model says before it is corrected, in nanoseconds. */
  private record Raw(double waiting, double compute) {
    double total() {
      return waiting + compute;
    }
  }

  private final BatchForecast<String> batches;
  private final int decoders;
  private final PredictionListener listener;
  private final Map<QueueClass, QueueState> lines = new HashMap<>();
  private final Map<String, VariantStats> learnt = new HashMap<>();

  /**
   * Creates a model that knows nothing yet.
   *
   * @param batches what micro-batches take, by variant or trial
   * @param decoders images that are decoded side by side
   * @param listener is told of each answer
   */
  public LatencyModel(BatchForecast<String> batches, int decoders, PredictionListener listener) {
    if (decoders < 1) {
      throw new IllegalArgumentException("decoders: " + decoders + " (expected: >= 1)");
    }
    this.batches = batches;
    this.decoders = decoders;
    this.listener = listener;
  }

  /** Counts an event in. */
  public synchronized Flight arrive(String variant, @Nullable Duration objective) {
    QueueClass line = new QueueClass(variant, nanos(objective));
    Raw raw = raw(line);
    QueueState standing = standing(line);
    standing.inFlight++;
    standing.undecoded++;
    return new Flight(line, raw, learnt(variant).correction.apply(raw.total()));
  }

  @Override
  public synchronized Prediction predict(String variant, @Nullable Duration objective) {
    Raw raw = raw(new QueueClass(variant, nanos(objective)));
    double total = learnt(variant).correction.apply(raw.total());
    double waiting = raw.total() == 0 ? 0 : total * raw.waiting() / raw.total();
    return new Prediction(duration(waiting), duration(total - waiting));
  }

  /** Of a backlog, and not corrected. */
  @Override
  public synchronized Duration share(String variant) {
    return duration(
        Math.max(
            itemNanos(variant) / Math.max(1, batches.devices()),
            learnt(variant).decodeNanos / decoders));
  }

  private Raw raw(QueueClass own) {
    double devices = Math.max(1, batches.devices());
    double onDevices = 0;
    double inDecoders = 0;
    double running = 0;
    int company = 0;
    for (Map.Entry<QueueClass, QueueState> entry : lines.entrySet()) {
      QueueClass line = entry.getKey();
      QueueState standing = entry.getValue();
      String variant = line.variant();
      if (line.objectiveNanos() > own.objectiveNanos()) {
        int size = Math.min(standing.inFlight, batches.target(variant));
        running = Math.max(running, batches.nanos(variant, size) / 2.0);
        continue;
      }
      onDevices += standing.inFlight * itemNanos(variant);
      inDecoders += standing.undecoded * learnt(variant).decodeNanos;
      if (variant.equals(own.variant())) {
        company += standing.inFlight;
      }
    }
    int size = Math.min(batches.target(own.variant()), company + 1);
    return new Raw(
        Math.max(onDevices / devices, inDecoders / decoders) + running / devices,
        learnt(own.variant()).decodeNanos + (double) batches.nanos(own.variant(), size));
  }

  private double itemNanos(String variant) {
    int target = batches.target(variant);
    return (double) batches.nanos(variant, target) / target;
  }

  private QueueState standing(QueueClass line) {
    return lines.computeIfAbsent(line, l -> new QueueState());
  }

  private VariantStats learnt(String variant) {
    return learnt.computeIfAbsent(variant, v -> new VariantStats());
  }

  private static long nanos(@Nullable Duration objective) {
    return objective == null ? Long.MAX_VALUE : objective.toNanos();
  }

  private static Duration duration(double nanos) {
    return Duration.ofNanos(Math.round(nanos));
  }
}
