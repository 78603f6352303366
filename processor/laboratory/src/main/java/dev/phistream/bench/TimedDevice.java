package dev.phistream.bench;

import dev.phistream.batching.BatchPredictor;
import dev.phistream.batching.Device;
import dev.phistream.batching.QueueKey;
import dev.phistream.inference.InferenceException;
import dev.phistream.inference.NetworkRunner;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.HdrHistogram.Histogram;

/**
 * A runner with a stop watch. It warms up first, measures then, and goes on after that, so that its
 * neighbours are measured under load to their end. At least one batch warms up and one is measured,
 * however long they take.
 */
final class TimedDevice implements Device<byte[], float[]> {
  private static final int DIGITS = 3;

  private final NetworkRunner runner;
  private final long warmUpNanos;
  private final long measureNanos;
  private final CompletableFuture<Void> measured = new CompletableFuture<>();
  private final Histogram latencies = new Histogram(DIGITS);
  private boolean warm;
  private boolean started;
  private long phaseStarted;
  private long finished;
  private long images;

  TimedDevice(NetworkRunner runner, double warmUpSeconds, double seconds) {
    this.runner = runner;
    this.warmUpNanos = (long) (warmUpSeconds * 1e9);
    this.measureNanos = (long) (seconds * 1e9);
  }

  /** Completes when the measuring is done; only then may the figures be read. */
  CompletableFuture<Void> measured() {
    return measured;
  }

  Histogram latencies() {
    return latencies;
  }

  long images() {
    return images;
  }

  /** Over the time from the first measured batch's start to the last one's end. */
  double imagesPerSecond() {
    return images / ((finished - phaseStarted) / 1e9);
  }

  @Override
  public String name() {
    return "timed";
  }

  @Override
  public BatchPredictor<byte[], float[]> predictor(QueueKey key) {
    return this::predict;
  }

  private List<float[]> predict(List<byte[]> images) throws InferenceException {
    long from = System.nanoTime();
    List<float[]> logits = runner.logits(images);
    record(from, System.nanoTime(), images.size());
    return logits;
  }

  private void record(long from, long to, int size) {
    if (measured.isDone()) {
      return;
    }
    if (!started) {
      started = true;
      phaseStarted = from;
    }
    if (!warm) {
      if (to - phaseStarted >= warmUpNanos) {
        warm = true;
        started = false;
      }
      return;
    }
    latencies.recordValue(to - from);
    images += size;
    finished = to;
    if (to - phaseStarted >= measureNanos) {
      measured.complete(null);
    }
  }
}
