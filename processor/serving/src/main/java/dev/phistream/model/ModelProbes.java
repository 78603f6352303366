package dev.phistream.model;

import java.util.List;

/**
 * Images and what a model says of them: the file {@code probes.json} of a model's directory. A
 * model that is loaded must say the same again before it answers for anybody.
 *
 * @param weightsDigest SHA-256 of the weights that said it
 * @param engine the engine that ran them
 * @param probes at least one
 */
public record ModelProbes(String weightsDigest, String engine, List<Probe> probes) {
  /** The largest difference of a logit, as a share of the range of the image's logits. */
  public static final double TOLERANCE = 0.02;

  /**
   * A image and its logits.
   *
   * @param name for messages
   * @param image the encoded image
   * @param logits one per class, before softmax
   */
  public record Probe(String name, byte[] image, float[] logits) {
    /**
     * Compares.
     *
     * @return the largest difference of a logit as a share of the range of the expected ones;
     *     infinite when there are more or fewer
     */
    public double difference(float[] others) {
      if (others.length != logits.length) {
        return Double.POSITIVE_INFINITY;
      }
      float least = Float.POSITIVE_INFINITY;
      float most = Float.NEGATIVE_INFINITY;
      double largest = 0;
      for (int i = 0; i < logits.length; i++) {
        least = Math.min(least, logits[i]);
        most = Math.max(most, logits[i]);
        largest = Math.max(largest, Math.abs((double) logits[i] - others[i]));
      }
      return largest / Math.max(most - least, Float.MIN_NORMAL);
    }
  }

  /** Copies the list. */
  public ModelProbes {
    probes = List.copyOf(probes);
  }
}
