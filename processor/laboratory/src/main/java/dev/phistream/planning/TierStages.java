package dev.phistream.planning;

/**
 * What the time of a tier's events went into.
 *
 * @param waiting for a decoder and for a micro-batch, together
 * @param decoding being decoded and preprocessed
 * @param computing in a micro-batch on a device
 * @param batchSize of the micro-batch that an event was in, mean over the events
 */
public record TierStages(Stage waiting, Stage decoding, Stage computing, double batchSize) {
  /**
   * A part of the time, in milliseconds.
   *
   * @param mean arithmetic mean
   * @param p99 99 of a hundred events spent no longer
   */
  public record Stage(double mean, double p99) {}
}
