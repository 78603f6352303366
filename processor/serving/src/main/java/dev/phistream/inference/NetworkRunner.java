package dev.phistream.inference;

import java.util.List;

/**
 * A model in an engine's memory. Not thread-safe: one thread runs it, and several runners of one
 * model may run side by side.
 */
public interface NetworkRunner extends AutoCloseable {
  /**
   * Runs one micro-batch.
   *
   * @param images at least one, each the network's input of one image, row-major: 3×H×W uint8, or
   *     3×H×W float32 in the machine's byte order if the model was loaded for normalised input
   * @return the classifier's outputs before softmax, one array of as many values as classes per
   *     image, in the same order
   * @throws TooLargeForDeviceException when so many images are too many for the device
   * @throws BrokenDeviceException when the device cannot run anything any more
   * @throws InferenceException when the engine fails
   */
  List<float[]> logits(List<byte[]> images) throws InferenceException;

  /**
   * How many images are computed for a micro-batch of so many, at least these. Any thread may ask;
   * the answer is always the same.
   */
  default int padded(int images) {
    return images;
  }

  /** Frees the engine's memory. */
  @Override
  void close();
}
