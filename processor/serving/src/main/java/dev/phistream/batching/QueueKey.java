package dev.phistream.batching;

/**
 * Names a queue of micro-batches, and the runners of its model on the devices. Two models never
 * share a key, so that no micro-batch mixes models.
 *
 * @param slot what its items ask for: a variant, or a trial's model
 * @param load tells the models that one slot has had apart, from 0
 */
public record QueueKey(String slot, int load) {
  /** The key of a slot's first model. */
  public static QueueKey of(String slot) {
    return new QueueKey(slot, 0);
  }

  @Override
  public String toString() {
    return load == 0 ? slot : slot + "#" + load;
  }
}
