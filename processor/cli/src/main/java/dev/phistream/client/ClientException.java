package dev.phistream.client;

/** Something cannot be sent or read; the message names file, topic or broker, and a remedy. */
public final class ClientException extends Exception {
  /** Creates the exception. */
  public ClientException(String message, Throwable cause) {
    super(message, cause);
  }

  /** As above, without a cause. */
  public ClientException(String message) {
    super(message);
  }
}
