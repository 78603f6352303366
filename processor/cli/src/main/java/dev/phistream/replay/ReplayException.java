package dev.phistream.replay;

/**
 * A replay cannot be, or cannot go on; the message names the value, what was expected and a remedy.
 */
public final class ReplayException extends Exception {
  /** Creates the exception. */
  public ReplayException(String message, Throwable cause) {
    super(message, cause);
  }

  /** As above, without a cause. */
  public ReplayException(String message) {
    super(message);
  }
}
