package dev.phistream.wire;

import org.jspecify.annotations.Nullable;

/** A record that is no image event. */
public final class UnreadableEventException extends Exception {
  private final ErrorCode code;

  /** Creates the exception. */
  public UnreadableEventException(ErrorCode code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** The stable error code. */
  public ErrorCode code() {
    return code;
  }
}
