package dev.phistream.pipeline;

import dev.phistream.batching.QueueKey;
import org.jspecify.annotations.Nullable;

/**
 * A model in the devices' memory, and a count of the events that it shall answer. Once it has been
 * let go and the last of them is answered, it is freed. Thread-safe.
 */
public final class LoadedModel {
  private final ServedModel model;
  private final QueueKey queue;
  private int held;
  private @Nullable Runnable whenFree;

  /**
   * Creates the count.
   *
   * @param queue of its micro-batches and its runners on the devices; no other model in memory has
   *     it
   */
  public LoadedModel(ServedModel model, QueueKey queue) {
    this.model = model;
    this.queue = queue;
  }

  /** What it is. */
  public ServedModel model() {
    return model;
  }

  /** The queue of its micro-batches, and the key of its runners on the devices. */
  public QueueKey queue() {
    return queue;
  }

  /** Whether it is the model of this id with these weights. */
  public boolean is(String id, String weightsDigest) {
    return model.id().equals(id) && model.weightsDigest().equals(weightsDigest);
  }

  /** Takes an event; false when the model has been let go. */
  synchronized boolean hold() {
    if (whenFree != null) {
      return false;
    }
    held++;
    return true;
  }

  /** An event has its answer, or nobody waits for it any more. */
  void release() {
    Runnable free;
    synchronized (this) {
      held--;
      free = held == 0 ? whenFree : null;
    }
    if (free != null) {
      free.run();
    }
  }

  /**
   * Lets it go: it takes no more events.
   *
   * @param free is run once, when it has none any more: here, or by the thread that answers the
   *     last
   */
  public void retire(Runnable free) {
    boolean now;
    synchronized (this) {
      if (whenFree != null) {
        throw new IllegalStateException(model.id() + " was let go already (expected: once)");
      }
      whenFree = free;
      now = held == 0;
    }
    if (now) {
      free.run();
    }
  }
}
