package dev.phistream.inference;

import ai.djl.MalformedModelException;
import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Pads a micro-batch to the next of a few sizes, each with a runner of its own that never sees
 * another: on a GPU, ONNX Runtime plans each convolution anew whenever the size changes, which
 * takes a third of a second. When a size turns out too large for the device, the largest that is
 * left is given up, so that its memory serves the others.
 */
final class PaddedBatches implements NetworkRunner {
  /** Loads the model once more. */
  interface Sessions {
    /** A further runner of the same model on the same device. */
    NetworkRunner open() throws IOException, MalformedModelException, OrtException;
  }

  private final List<Integer> sizes;
  private final NavigableMap<Integer, NetworkRunner> runners;

  private PaddedBatches(List<Integer> sizes, NavigableMap<Integer, NetworkRunner> runners) {
    this.sizes = sizes;
    this.runners = runners;
  }

  /**
   * Opens a session for each size, or as many of the smaller ones as the device has memory for.
   *
   * @param maxBatch the largest micro-batch
   */
  static PaddedBatches withSessionEach(int maxBatch, Sessions sessions)
      throws IOException, MalformedModelException, OrtException {
    NavigableMap<Integer, NetworkRunner> runners = new TreeMap<>();
    List<Integer> sizes = sizes(maxBatch);
    try {
      for (int size : sizes) {
        runners.put(size, sessions.open());
      }
    } catch (IOException | MalformedModelException | OrtException | RuntimeException e) {
      if (runners.isEmpty() || !DeviceFailure.isTooLarge(e)) {
        runners.values().forEach(NetworkRunner::close);
        throw e;
      }
    }
    return new PaddedBatches(sizes, runners);
  }

  /** Pads for one session, that plans anew whenever the padded size changes. */
  static PaddedBatches withOneSession(int maxBatch, Sessions sessions)
      throws IOException, MalformedModelException, OrtException {
    NetworkRunner only = sessions.open();
    NavigableMap<Integer, NetworkRunner> runners = new TreeMap<>();
    List<Integer> sizes = sizes(maxBatch);
    sizes.forEach(size -> runners.put(size, only));
    return new PaddedBatches(sizes, runners);
  }

  /** The powers of two below the largest micro-batch, and that itself. */
  private static List<Integer> sizes(int maxBatch) {
    List<Integer> sizes = new ArrayList<>();
    for (int size = 1; size < maxBatch; size *= 2) {
      sizes.add(size);
    }
    sizes.add(maxBatch);
    return List.copyOf(sizes);
  }

  @Override
  public List<float[]> logits(List<byte[]> images) throws InferenceException {
    int count = images.size();
    var prepared = runners.ceilingEntry(count);
    if (prepared == null) {
      throw new TooLargeForDeviceException(
          "a micro-batch of %d (expected: at most %d, the largest that is prepared)"
              .formatted(count, runners.lastKey()));
    }
    List<byte[]> padded = new ArrayList<>(images);
    padded.addAll(Collections.nCopies(prepared.getKey() - count, images.get(0)));
    try {
      return List.copyOf(prepared.getValue().logits(padded).subList(0, count));
    } catch (TooLargeForDeviceException e) {
      giveUpLargest();
      throw e;
    }
  }

  @Override
  public int padded(int images) {
    return sizes.stream().filter(size -> size >= images).findFirst().orElse(images);
  }

  @Override
  public void close() {
    Set.copyOf(runners.values()).forEach(NetworkRunner::close);
  }

  private void giveUpLargest() {
    if (runners.size() == 1) {
      return;
    }
    NetworkRunner largest = runners.pollLastEntry().getValue();
    if (!runners.containsValue(largest)) {
      largest.close();
    }
  }
}
