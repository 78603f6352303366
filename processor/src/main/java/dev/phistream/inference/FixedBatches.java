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
   * @param parts runs parts of exactly {@code size} pictures
   * @param singles runs single pictures
   */
  FixedBatches(NetworkRunner parts, int size, NetworkRunner singles) {
    this.parts = parts;
    this.size = size;
    this.singles = singles;
  }

  @Override
  public List<float[]> logits(List<byte[]> pictures) throws InferenceException {
    List<float[]> logits = new ArrayList<>(pictures.size());
    int from = 0;
    while (pictures.size() - from >= size) {
      logits.addAll(parts.logits(pictures.subList(from, from + size)));
      from += size;
    }
    for (byte[] picture : pictures.subList(from, pictures.size())) {
      logits.addAll(singles.logits(List.of(picture)));
    }
    return logits;
  }

  @Override
  public void close() {
    parts.close();
    singles.close();
  }
}
