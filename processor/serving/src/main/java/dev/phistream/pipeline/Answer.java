package dev.phistream.pipeline;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The labels of one image, and how they came about.
 *
 * @param labels best first
 * @param model id of the model that answered
 * @param weightsDigest SHA-256 of its weights, hexadecimal
 * @param engine the engine that ran it
 * @param device the device that ran it
 * @param batchSize images in the micro-batch
 * @param timings where the time went
 * @param confidence calibrated probability of the best label, if the request has a cascade; else
 *     its score
 * @param cascaded how a cascade came to it, or null if there was none
 */
public record Answer(
    List<Label> labels,
    String model,
    String weightsDigest,
    String engine,
    String device,
    int batchSize,
    Timings timings,
    double confidence,
    @Nullable Cascaded cascaded) {
  /** An answer without a cascade. */
  public Answer(
      List<Label> labels,
      String model,
      String weightsDigest,
      String engine,
      String device,
      int batchSize,
      Timings timings) {
    this(
        labels,
        model,
        weightsDigest,
        engine,
        device,
        batchSize,
        timings,
        labels.isEmpty() ? 0 : labels.get(0).score(),
        null);
  }

  /** The same, as a cascade came to it. */
  Answer with(Timings whole, Cascaded how) {
    return new Answer(
        labels, model, weightsDigest, engine, device, batchSize, whole, confidence, how);
  }

  /**
   * How a cascade came to an answer.
   *
   * @param answered the variant that answered
   * @param small the variant that was asked first
   * @param confidence of the small variant
   * @param threshold the confidence from which on it answers
   */
  public record Cascaded(String answered, String small, double confidence, double threshold) {
    /** Whether the larger variant answered. */
    public boolean escalated() {
      return !answered.equals(small);
    }
  }

  /**
   * A class and how sure the model is of it.
   *
   * @param index position of the class in the model's output
   * @param name name of the class
   * @param score softmax probability, 0 to 1
   */
  public record Label(int index, String name, float score) {}

  /**
   * Where the time went.
   *
   * @param queue waiting to be fetched, for a decoder and for the micro-batch to close and start
   * @param fetch bringing an image that lies elsewhere; zero for one inside its event
   * @param decode decoding, resizing and cropping
   * @param inference the micro-batch on the device
   * @param total from arrival to answer
   */
  public record Timings(
      Duration queue, Duration fetch, Duration decode, Duration inference, Duration total) {
    /** Those of an image inside its event. */
    public Timings(Duration queue, Duration decode, Duration inference, Duration total) {
      this(queue, Duration.ZERO, decode, inference, total);
    }

    /** Of two answers, one after the other. */
    Timings then(Timings second) {
      return new Timings(
          queue.plus(second.queue),
          fetch.plus(second.fetch),
          decode.plus(second.decode),
          inference.plus(second.inference),
          total.plus(second.total));
    }
  }
}
