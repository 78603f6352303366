package dev.phistream.replay;

import dev.phistream.failure.UserException;

/**
 * A replay cannot be, or cannot go on; the message names the value, what was expected and a remedy.
 */
public final class ReplayException extends UserException {
  /** Creates the exception. */
  public ReplayException(String message, Throwable cause) {
    super(message, cause);
  }

  /** As above, without a cause. */
  public ReplayException(String message) {
    super(message, null);
  }
}
