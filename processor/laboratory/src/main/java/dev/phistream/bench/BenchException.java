package dev.phistream.bench;

import dev.phistream.failure.UserException;

/** A measurement could not be taken; the message says which and why. */
public final class BenchException extends UserException {
  /** Creates the exception. */
  public BenchException(String message) {
    super(message, null);
  }

  /** Creates the exception. */
  public BenchException(String message, Throwable cause) {
    super(message, cause);
  }
}
