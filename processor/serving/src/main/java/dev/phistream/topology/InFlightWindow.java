package dev.phistream.topology;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.TopicPartition;

/**
 * What is in flight in this instance, and whether more of a partition may be taken. Tasks count,
 * consumers ask before they hand out records. Thread-safe.
 *
 * <p>All partitions share the window's bytes. A partition may take while it has less in flight than
 * what is left free: so one that fills up leaves half of the bytes to the others, and n of them
 * leave 1/(n+1). The rule is that of Choudhury and Hahne, "Dynamic queue length thresholds for
 * shared-memory packet switches" (1998), with α = 1.
 */
public final class InFlightWindow {
  private final WindowSettings settings;
  private final BooleanSupplier closed;
  private final Map<TopicPartition, Share> shares = new ConcurrentHashMap<>();
  private final AtomicLong bytes = new AtomicLong();

  /**
   * Creates an empty window.
   *
   * @param closed whether nothing more shall be taken at all
   */
  public InFlightWindow(WindowSettings settings, BooleanSupplier closed) {
    this.settings = settings;
    this.closed = closed;
  }

  /** Whether nothing may be taken of a partition now. False for those that have no task. */
  public boolean isFull(TopicPartition partition) {
    Share share = shares.get(partition);
    return share != null && share.isFull();
  }

  /** Bytes in flight in this instance. */
  public long bytes() {
    return bytes.get();
  }

  /** The part of a partition's task, which begins empty. */
  Share open(TopicPartition partition) {
    Share share = new Share(partition);
    shares.put(partition, share);
    return share;
  }

  /** What one task has in flight. Written by the task's thread. */
  final class Share {
    private final TopicPartition partition;
    private volatile int ownEvents;
    private volatile long ownBytes;
    private volatile boolean held;

    private Share(TopicPartition partition) {
      this.partition = partition;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    void take(long size) {
      ownEvents++;
      ownBytes += size;
      bytes.addAndGet(size);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    void release(long size) {
      ownEvents--;
      ownBytes -= size;
      bytes.addAndGet(-size);
    }

    /** Nothing more is taken until this is called with false. */
    void hold(boolean hold) {
      held = hold;
    }

    /** Ends the task's part; what it had in flight is no more. */
    void close() {
      bytes.addAndGet(-ownBytes);
      ownBytes = 0;
      ownEvents = 0;
      shares.remove(partition, this);
    }

    boolean isFull() {
      return held
          || closed.getAsBoolean()
          || ownEvents >= settings.events()
          || ownBytes >= settings.bytes() - bytes.get();
    }
  }
}
