package dev.phistream.bench;

import dev.phistream.batching.BatchPolicy;
import dev.phistream.batching.MicroBatcher;
import dev.phistream.batching.QueueKey;
import dev.phistream.batching.Urgency;
import dev.phistream.inference.NetworkRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Runs batches through the processor's own micro-batcher, with a batch waiting behind each that
 * runs: the processor under full load, without decoding and Kafka. With one runner it is one batch
 * at a time.
 */
final class SaturatedLoop {
  private static final QueueKey QUEUE = QueueKey.of("measured");
  private static final int IMAGES = 16;

  /** Nothing is urgent: batches close when they are full. */
  private static final Duration NEVER = Duration.ofHours(1);

  private final List<byte[]> images = new ArrayList<>();
  private final AtomicInteger next = new AtomicInteger();
  private final CompletableFuture<Void> failed = new CompletableFuture<>();
  private final MicroBatcher<byte[], float[]> batcher;
  private final List<TimedDevice> devices;

  private SaturatedLoop(
      List<TimedDevice> devices, MicroBatcher<byte[], float[]> batcher, int imageBytes) {
    this.devices = devices;
    this.batcher = batcher;
    Random random = new Random(1);
    for (int i = 0; i < IMAGES; i++) {
      byte[] image = new byte[imageBytes];
      random.nextBytes(image);
      images.add(image);
    }
  }

  /**
   * Measures one point.
   *
   * @param runners run side by side
   * @param imageBytes size of a image that the runners take
   * @throws BenchException when the engine fails
   */
  static Measurement run(
      List<NetworkRunner> runners, int imageBytes, int batch, double warmUpSeconds, double seconds)
      throws BenchException, InterruptedException {
    List<TimedDevice> devices =
        runners.stream().map(runner -> new TimedDevice(runner, warmUpSeconds, seconds)).toList();
    CpuClock clock = CpuClock.start();
    try (MicroBatcher<byte[], float[]> batcher =
        new MicroBatcher<>(variant -> new BatchPolicy(batch), devices, System::nanoTime)) {
      new SaturatedLoop(devices, batcher, imageBytes).saturate(2 * runners.size() * batch);
    } catch (ExecutionException e) {
      throw new BenchException("batch %d: %s".formatted(batch, e.getMessage()), e);
    }
    double cores = clock.coresUsed();
    Histogram latencies = new Histogram(3);
    devices.forEach(device -> latencies.add(device.latencies()));
    return new Measurement(
        devices.stream().mapToDouble(TimedDevice::imagesPerSecond).sum(),
        (double) devices.stream().mapToLong(TimedDevice::images).sum()
            / (latencies.getTotalCount() * batch),
        cores,
        LatencyStats.of(latencies));
  }

  private void saturate(int inFlight) throws ExecutionException, InterruptedException {
    // All places first: a batcher that expects no more would close its first batch early.
    List<MicroBatcher<byte[], float[]>.Reservation> places = new ArrayList<>();
    for (int i = 0; i < inFlight; i++) {
      places.add(reserve());
    }
    places.forEach(this::submit);
    CompletableFuture<?>[] measured =
        devices.stream().map(TimedDevice::measured).toArray(CompletableFuture<?>[]::new);
    CompletableFuture.anyOf(failed, CompletableFuture.allOf(measured)).get();
  }

  private MicroBatcher<byte[], float[]>.Reservation reserve() {
    return batcher.reserve(QUEUE, Urgency.of(System.nanoTime(), NEVER, null));
  }

  private void submit(MicroBatcher<byte[], float[]>.Reservation place) {
    int index = Math.floorMod(next.getAndIncrement(), images.size());
    CompletableFuture<?> unused =
        place
            .submit(images.get(index))
            .handle(
                (output, error) -> {
                  again(error);
                  return output;
                });
  }

  private void again(@Nullable Throwable error) {
    if (error == null) {
      submit(reserve());
    } else if (!(error instanceof CancellationException)) {
      failed.completeExceptionally(error);
    }
  }
}
