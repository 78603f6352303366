package dev.phistream.schema;

import org.jspecify.annotations.Nullable;

/** Bytes that are not the record they were taken for. The message says what they are instead. */
public final class UnreadableRecordException extends Exception {
  /** Creates the exception. */
  public UnreadableRecordException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** As above, without a cause. */
  public UnreadableRecordException(String message) {
    this(message, null);
  }
}
