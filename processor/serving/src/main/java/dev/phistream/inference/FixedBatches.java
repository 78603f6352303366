package dev.phistream.inference;

import java.util.ArrayList;
import java.util.List;

/**
 * Runs a micro-batch in parts of a fixed size whose maps stay in the processor's cache, and what is
 * left over one by one. MXNet plans a model anew whenever the size changes, which takes a
 * millisecond or more; so each size has a runner of its own, which never sees another.
 */
final class FixedBatches implements NetworkRunner {
  private final NetworkRunner parts;
  private final int size;
  private final NetworkRunner singles;

  /**
   * Combines two runners of one model.
   *
   * @param parts runs parts of exactly {@code size} images
   * @param singles runs single images
   */
  FixedBatches(NetworkRunner parts, int size, NetworkRunner singles) {
    this.parts = parts;
    this.size = size;
    this.singles = singles;
  }

  @Override
  public List<float[]> logits(List<byte[]> images) throws InferenceException {
    List<float[]> logits = new ArrayList<>(images.size());
    int from = 0;
    while (images.size() - from >= size) {
      logits.addAll(parts.logits(images.subList(from, from + size)));
      from += size;
    }
    for (byte[] image : images.subList(from, images.size())) {
      logits.addAll(singles.logits(List.of(image)));
    }
    return logits;
  }

  @Override
  public void close() {
    parts.close();
    singles.close();
  }
}
