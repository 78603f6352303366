package dev.phistream.kafka;

import dev.phistream.failure.UserException;

/** Kafka does not answer, or refuses; its message names the broker, what was asked and a remedy. */
public final class ClusterException extends UserException {
  /** Creates the exception. */
  public ClusterException(String message, Throwable cause) {
    super(message, cause);
  }

  private ClusterException(int exitCode, String message, Throwable cause) {
    super(exitCode, message, "", cause);
  }

  /** Returns an exception for settings with which no client can be made. */
  static ClusterException misuse(String message, Throwable cause) {
    return new ClusterException(MISUSE, message, cause);
  }

  /** As above, without a cause. */
  public ClusterException(String message) {
    super(message, null);
  }
}
