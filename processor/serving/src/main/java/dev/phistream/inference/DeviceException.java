package dev.phistream.inference;

/** A device that is not there or cannot be used; the message says what is missing. */
public final class DeviceException extends Exception {
  /** Creates the exception. */
  public DeviceException(String message) {
    super(message);
  }
}
