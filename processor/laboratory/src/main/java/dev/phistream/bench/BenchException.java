package dev.phistream.bench;

/** A measurement could not be taken; the message says which and why. */
public final class BenchException extends Exception {
  /** Creates the exception. */
  public BenchException(String message) {
    super(message);
  }

  /** Creates the exception. */
  public BenchException(String message, Throwable cause) {
    super(message, cause);
  }
}
