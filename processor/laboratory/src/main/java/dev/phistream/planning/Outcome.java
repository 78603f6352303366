package dev.phistream.planning;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one instance made of its part of the events.
 *
 * @param perSecond events it got
 * @param seconds that were simulated
 * @param partitions that it had
 * @param tiers in the order of their names
 * @param devices share of their time in which they ran micro-batches
 * @param decoders share of their time in which they decoded, waiting for cores included
 * @param cores share of their time in which they had something to do
 * @param streamThreads share of their time in which they took events
 * @param fullWindows share of the events that came while a full window held their thread up
 */
public record Outcome(
    double perSecond,
    double seconds,
    int partitions,
    List<TierOutcome> tiers,
    double devices,
    double decoders,
    double cores,
    double streamThreads,
    double fullWindows) {
  /** Copies the list. */
  public Outcome {
    tiers = List.copyOf(tiers);
  }

  /**
   * Whether every tier is well served.
   *
   * @param mayDegrade share of a tier's events that may be browned out or shed
   */
  public boolean isEnough(double mayDegrade) {
    return tiers.stream()
        .allMatch(tier -> tier.met() && tier.degraded() + tier.shed() <= mayDegrade);
  }

  /** What is used most. */
  public String busiest() {
    Map<String, Double> all = new LinkedHashMap<>();
    all.put("cores", cores);
    all.put("devices", devices);
    all.put("decoders", decoders);
    all.put("stream threads", streamThreads);
    return all.entrySet().stream()
        .max(Comparator.comparingDouble(Map.Entry::getValue))
        .orElseThrow()
        .getKey();
  }

  /** The load that it reached: the share of its time in which {@link #busiest} was in use. */
  @JsonProperty
  public double load() {
    return Math.max(Math.max(devices, decoders), Math.max(cores, streamThreads));
  }

  /** Whether something has no time left. */
  boolean isExhausted() {
    return load() > 0.97;
  }
}
