package dev.phistream.image;

import com.sun.jna.Memory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Memory outside the Java heap that is used again: touching fresh pages takes longer than decoding
 * into them. What is kept is bounded, and freed with this object. Thread-safe.
 */
final class NativeBuffers {
  /** Most bytes that are kept: an image of 12 million pixels for each of two threads. */
  private static final long MOST_KEPT = 80L << 20;

  /** Buffers are multiples of it, so that images of nearly the same size share them. */
  private static final long GRANULE = 64L << 10;

  private final List<Memory> free = new ArrayList<>();
  private long kept;

  /**
   * Lends a buffer, with arbitrary contents.
   *
   * @throws OutOfMemoryError if the system has no memory of that size
   */
  Buffer lend(long size) {
    Memory memory = take(size);
    if (memory == null) {
      memory = new Memory((Math.max(1, size) + GRANULE - 1) / GRANULE * GRANULE);
    }
    return new Buffer(memory, size);
  }

  /** The smallest that is large enough. */
  private synchronized @Nullable Memory take(long size) {
    Memory best = null;
    for (Memory memory : free) {
      if (memory.size() >= size && (best == null || memory.size() < best.size())) {
        best = memory;
      }
    }
    if (best != null) {
      free.remove(best);
      kept -= best.size();
    }
    return best;
  }

  private void giveBack(Memory memory) {
    List<Memory> surplus = new ArrayList<>();
    synchronized (this) {
      free.add(memory);
      kept += memory.size();
      while (kept > MOST_KEPT) {
        Memory oldest = free.remove(0);
        kept -= oldest.size();
        surplus.add(oldest);
      }
    }
    surplus.forEach(Memory::close);
  }

  /** A buffer that is lent until it is closed. */
  final class Buffer implements AutoCloseable {
    private final Memory memory;
    private final long size;

    private Buffer(Memory memory, long size) {
      this.memory = memory;
      this.size = size;
    }

    /** The memory, of at least {@link #size} bytes; accesses are checked. */
    Memory memory() {
      return memory;
    }

    long size() {
      return size;
    }

    @Override
    public void close() {
      giveBack(memory);
    }
  }
}
