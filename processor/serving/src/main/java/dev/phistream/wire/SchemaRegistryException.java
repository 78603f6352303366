package dev.phistream.wire;

/**
 * The schema registry cannot be reached, or refuses what was asked of it. That says nothing about
 * any event, so it must not make a dead letter: it is to end the stream thread, which starts again
 * with the same events.
 */
public final class SchemaRegistryException extends RuntimeException {
  /** Creates the exception. */
  public SchemaRegistryException(String message, Throwable cause) {
    super(message, cause);
  }
}
