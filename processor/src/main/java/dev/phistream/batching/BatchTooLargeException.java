package dev.phistream.batching;

/**
 * The device has no memory for a micro-batch of this size. Nothing is wrong with its items: they
 * run again in smaller micro-batches.
 */
public final class BatchTooLargeException extends Exception {
  /** Creates the exception. */
  public BatchTooLargeException(String message, Throwable cause) {
    super(message, cause);
  }
}
