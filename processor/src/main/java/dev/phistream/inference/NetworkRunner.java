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
   * @param pictures at least one, each the network's input of one picture, row-major: 3×H×W uint8,
   *     or 3×H×W float32 in the machine's byte order if the model was loaded for normalised input
   * @return the classifier's outputs before softmax, one array of as many values as classes per
   *     picture, in the same order
   * @throws OutOfDeviceMemoryException when the device has no memory for so many pictures
   * @throws BrokenDeviceException when the device cannot run anything any more
   * @throws InferenceException when the engine fails
   */
  List<float[]> logits(List<byte[]> pictures) throws InferenceException;

  /** Frees the engine's memory. */
  @Override
  void close();
}
