package dev.phistream.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Runs many batches in a process of its own and watches its memory. Its Java heap is touched at the
 * start and keeps its size, so that all that grows is native.
 */
public final class MemorySoak {
  private static final int SAMPLES = 200;
  private static final List<String> FIXED_HEAP =
      List.of("-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch");

  private final SoakOptions options;
  private final Consumer<MemorySample> listener;

  /**
   * Creates a soak.
   *
   * @param listener is told of each sample
   */
  public MemorySoak(SoakOptions options, Consumer<MemorySample> listener) {
    this.options = options;
    this.listener = listener;
  }

  /** Samples that will be taken. */
  public int samples() {
    return Math.min(SAMPLES, options.batches());
  }

  /**
   * Runs it. Past the limit it is broken off and reports what it has.
   *
   * @throws BenchException when the engine fails, or before the limit there was too little to see
   */
  public SoakReport run() throws BenchException, InterruptedException {
    List<MemorySample> samples = new ArrayList<>();
    String version = "";
    long images = 0;
    long started = System.nanoTime();
    try (MeasuredProcess<SoakJob, SoakReply> process =
        MeasuredProcess.start(
            "soak of " + options.engine(),
            SoakProcess.class,
            SoakReply.class,
            FIXED_HEAP,
            List.of(),
            List.of())) {
      process.send(job());
      while (samples.size() < samples()) {
        Duration left = options.limit().minusNanos(System.nanoTime() - started);
        Optional<SoakReply> next = process.receive(left);
        if (next.isEmpty()) {
          break;
        }
        SoakReply reply = next.get();
        samples.add(reply.sample());
        version = reply.engineVersion();
        images = reply.images();
        listener.accept(reply.sample());
      }
    }
    if (samples.size() < 3) {
      throw new BenchException(
          "soak: %d samples within %d s (expected: at least 3); allow more time"
              .formatted(samples.size(), options.limit().toSeconds()));
    }
    return new SoakReport(
        SoakReport.SCHEMA,
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        MachineFacts.here(),
        options.engine(),
        version,
        options.model(),
        options.batches(),
        options.reloads(),
        images,
        (System.nanoTime() - started) / 1e9,
        SoakReport.Growth.of(samples),
        options.maxGrowthPercent(),
        samples);
  }

  private SoakJob job() {
    return new SoakJob(
        options.batches(),
        options.reloads(),
        samples(),
        options.model(),
        options.engine(),
        options.repository().map(Path::toString).orElse(null));
  }
}
