package dev.phistream.pipeline;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What answering took lately, per variant: an exponentially weighted mean of the time from arrival
 * to answer, of which each new answer makes up a tenth. Thread-safe.
 */
public final class LatencyModel {
  private static final double WEIGHT_OF_NEWEST = 0.1;

  private final Map<String, Double> nanos = new ConcurrentHashMap<>();

  /** Takes an answer into account. */
  public void observe(String variant, Duration total) {
    double newest = total.toNanos();
    nanos.merge(variant, newest, (mean, x) -> mean + WEIGHT_OF_NEWEST * (x - mean));
  }

  /** The expected time for one more; zero for a variant that has not answered yet. */
  public Duration estimate(String variant) {
    return Duration.ofNanos(Math.round(nanos.getOrDefault(variant, 0.0)));
  }
}
