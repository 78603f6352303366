package dev.phistream.planning;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/**
 * One instance of the processor.
 *
 * @param devices what it computes on
 * @param cores of its machine
 * @param decoders threads that decode
 * @param streamThreads Kafka Streams threads
 * @param window most events in flight of a partition
 * @param decoding work of decoding and preprocessing events, on a core
 * @param takeMillis work of the stream thread and Kafka's clients for an event, on a core
 * @param schedulingDelay how long threads wait for a core when they are woken
 */
@JsonIgnoreProperties({"decoding", "schedulingDelay"}) // samples are long; the mean is there
public record Instance(
    InstanceDevices devices,
    int cores,
    int decoders,
    int streamThreads,
    int window,
    TimeSample decoding,
    double takeMillis,
    TimeSample schedulingDelay) {
  private static final double NANOS = 1e6;
  private static final double MOST_MILLIS = 60_000;

  /** Checks the values. */
  public Instance {
    positive("cores", cores);
    positive("decode-threads", decoders);
    positive("stream-threads", streamThreads);
    positive("window.events", window);
    checkMillis("decode-ms", decoding.mean());
    checkMillis("take-ms", takeMillis);
  }

  /** Where images are alike and threads get a core as soon as they are woken. */
  public Instance(
      InstanceDevices devices,
      int cores,
      int decoders,
      int streamThreads,
      int window,
      double decodeMillis,
      double takeMillis) {
    this(
        devices,
        cores,
        decoders,
        streamThreads,
        window,
        TimeSample.exactly(decodeMillis),
        takeMillis,
        TimeSample.NONE);
  }

  /** Mean work of decoding and preprocessing an event, on a core, in milliseconds. */
  @JsonProperty("decodeMillis")
  public double decodeMillis() {
    return decoding.mean();
  }

  /** Workers, or GPUs. */
  public int workers() {
    return devices.workers(cores);
  }

  /** The same where decoding and taking cost so many times the work. */
  Instance withWork(double factor) {
    return new Instance(
        devices,
        cores,
        decoders,
        streamThreads,
        window,
        decoding.times(factor),
        takeMillis * factor,
        schedulingDelay);
  }

  Machine machine() {
    return new Machine(workers(), devices.kind() == InstanceDevices.Kind.CPU, decoders, cores);
  }

  SourceModel source(int partitions) {
    return new SourceModel(
        streamThreads, Math.max(partitions, streamThreads), window, Math.round(takeMillis * NANOS));
  }

  private static void positive(String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("%s: %d (expected: >= 1)".formatted(what, value));
    }
  }

  static void checkMillis(String what, double value) {
    if (!(value >= 0 && value <= MOST_MILLIS)) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "%s: %s (expected: 0 to %.0f ms)", what, value, MOST_MILLIS));
    }
  }
}
