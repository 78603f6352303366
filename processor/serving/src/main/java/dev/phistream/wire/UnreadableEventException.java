package dev.phistream.wire;

import dev.phistream.text.EventText;
import org.jspecify.annotations.Nullable;

/** A record that is no image event. */
public final class UnreadableEventException extends Exception {
  private final ErrorCode code;

  /** Creates the exception; the message is cut to {@link EventText#MAX_BYTES}. */
  public UnreadableEventException(ErrorCode code, String message, @Nullable Throwable cause) {
    super(EventText.excerpt(message), cause);
    this.code = code;
  }

  /** The stable error code. */
  public ErrorCode code() {
    return code;
  }
}
