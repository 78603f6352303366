package dev.phistream.batching;

/** An item with which two devices did not come back from a call, the second time alone in it. */
public final class StuckItemException extends Exception {
  /** Creates the exception. */
  public StuckItemException(String message) {
    super(message);
  }
}
