package dev.phistream.runtime;

/** Kafka does not answer, or refuses; its message names the broker, what was asked and a remedy. */
public final class ClusterException extends Exception {
  /** Creates the exception. */
  public ClusterException(String message, Throwable cause) {
    super(message, cause);
  }

  /** As above, without a cause. */
  public ClusterException(String message) {
    super(message);
  }
}
