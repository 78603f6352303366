package dev.phistream.planning;

import java.util.Locale;
import java.util.Objects;

/**
 * What events cost the cores of a machine whose decoders and CPU workers are at work side by side.
 *
 * @param decoding processor time of decoding and preprocessing an event
 * @param batches so many times the processor time that micro-batches take where nothing is decoded
 * @param schedulingDelay how long threads wait for a core when they are woken
 */
public record EventWork(TimeSample decoding, double batches, TimeSample schedulingDelay) {
  private static final double LEAST_BATCHES = 0.1;
  private static final double MOST_BATCHES = 10;

  /** Checks the values. */
  public EventWork {
    Objects.requireNonNull(decoding, "decoding");
    Objects.requireNonNull(schedulingDelay, "schedulingDelay");
    if (!(batches >= LEAST_BATCHES && batches <= MOST_BATCHES)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "batch-work: %s (expected: %s to %.0f)",
              batches,
              LEAST_BATCHES,
              MOST_BATCHES));
    }
  }

  /** The same with images that take so long, on average. */
  public EventWork withDecoding(double millis) {
    Instance.checkMillis("decode-ms", millis);
    double mean = decoding.mean();
    return new EventWork(
        mean > 0 ? decoding.times(millis / mean) : TimeSample.exactly(millis),
        batches,
        schedulingDelay);
  }

  /** The same with another factor. */
  public EventWork withBatches(double times) {
    return new EventWork(decoding, times, schedulingDelay);
  }
}
