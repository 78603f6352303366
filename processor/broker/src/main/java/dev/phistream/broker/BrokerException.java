package dev.phistream.broker;

/** A broker that cannot run; the message names port or directory, the reason and the remedy. */
public final class BrokerException extends Exception {
  /** Creates the exception. */
  public BrokerException(String message, Throwable cause) {
    super(message, cause);
  }

  /** As above, without a cause. */
  public BrokerException(String message) {
    super(message);
  }
}
