package dev.phistream.batching;

/** A monotonic clock in nanoseconds; tests bring their own. Values compare by difference only. */
@FunctionalInterface
public interface NanoClock {
  /** The clock of this JVM, {@link System#nanoTime()}. */
  NanoClock SYSTEM = System::nanoTime;

  /** Now, in nanoseconds from an arbitrary origin. */
  long nanos();
}
