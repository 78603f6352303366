package dev.phistream.batching;

/**
 * A micro-batch of this size is too large for the device, mostly for its memory. Nothing is wrong
 * with its items: they run again in smaller micro-batches.
 */
public final class BatchTooLargeException extends Exception {
  /** Creates the exception. */
  public BatchTooLargeException(String message, Throwable cause) {
    super(message, cause);
  }
}
