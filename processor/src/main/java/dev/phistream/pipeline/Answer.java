package dev.phistream.pipeline;

import java.time.Duration;
import java.util.List;

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
 */
public record Answer(
    List<Label> labels,
    String model,
    String weightsDigest,
    String engine,
    String device,
    int batchSize,
    Timings timings) {

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
   * @param queue waiting for a decoder and for the micro-batch to close and start
   * @param decode fetching, decoding, resizing and cropping
   * @param inference the micro-batch on the device
   * @param total from arrival to answer
   */
  public record Timings(Duration queue, Duration decode, Duration inference, Duration total) {}
}
